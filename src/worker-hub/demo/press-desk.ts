import type { DemoAgent, DemoScript, DemoStep, DemoToolCall, DemoWork } from './demo-step.ts';
import { RELEASE_PLACE } from './demo-step.ts';
import { CHECKED, FACTS, RELEASE, SUMMARY, TRANSLATION } from './press-desk-texts.ts';

const MINUTE_MS = 60_000;

const RESEARCHER: DemoAgent = {
  role: 'Researcher',
  goal: 'Find facts that hold, and say where they come from',
  background: 'Fifteen years in the archive of a regional newspaper.',
  tools: ['tide_tables', 'web_search'],
};
const WRITER: DemoAgent = {
  role: 'Writer',
  goal: 'Write so that a newsroom can print it as it is',
  background: 'Has written for a utility and against one.',
  tools: [],
};
const EDITOR: DemoAgent = {
  role: 'Editor',
  goal: 'Let nothing out that is wrong',
  background: 'Was once wrong about a decimal point, and remembers it.',
  tools: ['calculator', 'grid_registry', 'delegateTask'],
};
const TRANSLATOR: DemoAgent = {
  role: 'Welsh translator',
  goal: 'Make it sound as if it had been written in Welsh',
  background: 'Grew up bilingual on the coast.',
  tools: [],
};
const PUBLISHER: DemoAgent = {
  role: 'Publisher',
  goal: 'Bring it to the newsrooms',
  background: 'Knows which desk opens at which hour.',
  tools: ['save_to_folder'],
};

const RESEARCH: DemoWork = {
  agent: RESEARCHER,
  description: 'Collect the facts about the Skerry Sound tidal array',
  expectedOutput: 'A table of figures with their sources',
  context: 'The cooperative announces the array this week. The desk needs power, yield, homes and dates.',
};
const DRAFT: DemoWork = {
  agent: WRITER,
  description: 'Draft the press release',
  expectedOutput: 'A release of about 200 words with one quotation',
  context: `Use only these facts:\n\n${FACTS}`,
};
const CHECK: DemoWork = {
  agent: EDITOR,
  description: 'Check every figure and prepare the Welsh lead',
  expectedOutput: 'A list of what was checked, and how',
  context: `The release, as it was approved:\n\n${RELEASE_PLACE}`,
};
const TRANSLATE: DemoWork = {
  agent: TRANSLATOR,
  description: 'Translate headline and lead into Welsh',
  expectedOutput: 'Headline and lead in Welsh',
  context: RELEASE_PLACE,
};
const PUBLISH: DemoWork = {
  agent: PUBLISHER,
  description: 'Write the note for the newsrooms',
  expectedOutput: 'Two sentences with the embargo',
  context: `Note for the desks about this release:\n\n${RELEASE_PLACE}`,
};

const TIDES: DemoToolCall = {
  name: 'tide_tables',
  arguments: { station: 'Skerry Sound', from: '2027-03-01', days: 31 },
  outcome: 'SUCCESS',
  result: 'Mean spring current 3.4 m/s, mean neap current 1.9 m/s, 120 slack waters',
  structuredResult: { station: 'Skerry Sound', springMetresPerSecond: 3.4, neapMetresPerSecond: 1.9, slackWaters: 120 },
};
const SEARCH: DemoToolCall = {
  name: 'web_search',
  arguments: { query: 'Skerry Sound tidal array grid connection agreement', limit: 3 },
  outcome: 'SUCCESS',
  result:
    '1. Grid connection agreement, 24 MW, signed 14 May\n2. Environmental statement, chapter 7: marine mammals\n3. Cooperative shares oversubscribed',
};
const CALCULATE: DemoToolCall = {
  name: 'calculator',
  arguments: { expression: '24 * 8760 * 0.34 / 1000' },
  outcome: 'SUCCESS',
  result: '71.4816',
  structuredResult: { value: 71.4816, unit: 'GWh' },
};
const REGISTRY_DOWN: DemoToolCall = {
  name: 'grid_registry',
  arguments: { project: 'skerry-sound', field: 'firstPower' },
  outcome: 'FAILURE',
  result: 'Error: HTTP 503 Service Unavailable (registry.example), retry after 1 s',
};
const REGISTRY: DemoToolCall = { ...REGISTRY_DOWN, outcome: 'SUCCESS', result: '2027-03' };
const SAVE: DemoToolCall = {
  name: 'save_to_folder',
  arguments: { folder: '/press/skerry-sound', files: ['release.md', 'release.cy.md', 'note.md'] },
  outcome: 'SUCCESS',
  result: 'Saved 3 files',
};

const RESEARCH_STEPS: readonly DemoStep[] = [
  { does: 'task', afterMs: 150, index: 1, work: RESEARCH },
  { does: 'ask', afterMs: 120, work: RESEARCH },
  {
    does: 'answer',
    afterMs: 900,
    work: RESEARCH,
    text: 'I will look at the tide tables and at the grid agreement first.',
    calls: [TIDES, SEARCH],
    inputTokens: 412,
    outputTokens: 63,
  },
  { does: 'tool', afterMs: 340, work: RESEARCH, index: 1, call: TIDES },
  { does: 'tool', afterMs: 520, work: RESEARCH, index: 1, call: SEARCH },
  { does: 'ask', afterMs: 100, work: RESEARCH },
  { does: 'stream', afterMs: 250, work: RESEARCH, text: FACTS, everyMs: 9 },
  { does: 'answer', afterMs: 60, work: RESEARCH, text: FACTS, inputTokens: 688, outputTokens: 241 },
  { does: 'done', afterMs: 90, index: 1, work: RESEARCH },
];

const DRAFT_STEPS: readonly DemoStep[] = [
  { does: 'task', afterMs: 120, index: 2, work: DRAFT },
  { does: 'ask', afterMs: 110, work: DRAFT },
  { does: 'stream', afterMs: 350, work: DRAFT, text: RELEASE, everyMs: 14 },
  { does: 'answer', afterMs: 80, work: DRAFT, text: RELEASE, inputTokens: 905, outputTokens: 318 },
  {
    does: 'review',
    afterMs: 150,
    work: DRAFT,
    prompt: 'This goes to 40 newsrooms. Publish it?',
    timeoutMs: 5 * MINUTE_MS,
  },
  { does: 'done', afterMs: 120, index: 2, work: DRAFT },
];

const CHECK_STEPS: readonly DemoStep[] = [
  { does: 'task', afterMs: 150, index: 3, work: CHECK },
  { does: 'ask', afterMs: 120, work: CHECK },
  {
    does: 'answer',
    afterMs: 1_100,
    work: CHECK,
    text: 'Three figures and one date to check. The translator can begin meanwhile.',
    calls: [CALCULATE, REGISTRY_DOWN],
    inputTokens: 1_120,
    outputTokens: 88,
  },
  { does: 'tool', afterMs: 60, work: CHECK, index: 3, call: CALCULATE },
  { does: 'tool', afterMs: 780, work: CHECK, index: 3, call: REGISTRY_DOWN },
  { does: 'delegate', afterMs: 200, from: CHECK, to: TRANSLATE },
  { does: 'ask', afterMs: 120, work: TRANSLATE },
  { does: 'stream', afterMs: 300, work: TRANSLATE, text: TRANSLATION, everyMs: 40 },
  { does: 'answer', afterMs: 60, work: TRANSLATE, text: TRANSLATION, inputTokens: 540, outputTokens: 112 },
  { does: 'delegated', afterMs: 90, from: CHECK, to: TRANSLATE },
  { does: 'ask', afterMs: 120, work: CHECK },
  {
    does: 'answer',
    afterMs: 620,
    work: CHECK,
    text: 'The registry may be back by now.',
    calls: [REGISTRY],
    inputTokens: 1_410,
    outputTokens: 31,
  },
  { does: 'tool', afterMs: 240, work: CHECK, index: 3, call: REGISTRY },
  { does: 'ask', afterMs: 100, work: CHECK },
  { does: 'stream', afterMs: 260, work: CHECK, text: CHECKED, everyMs: 14 },
  { does: 'answer', afterMs: 60, work: CHECK, text: CHECKED, inputTokens: 1_502, outputTokens: 204 },
  { does: 'done', afterMs: 90, index: 3, work: CHECK },
];

const PUBLISH_STEPS: readonly DemoStep[] = [
  { does: 'task', afterMs: 140, index: 4, work: PUBLISH },
  { does: 'ask', afterMs: 110, work: PUBLISH },
  {
    does: 'answer',
    afterMs: 700,
    work: PUBLISH,
    text: 'Saving the files before the note goes out.',
    calls: [SAVE],
    inputTokens: 760,
    outputTokens: 44,
  },
  { does: 'tool', afterMs: 410, work: PUBLISH, index: 4, call: SAVE },
  { does: 'ask', afterMs: 100, work: PUBLISH },
  { does: 'stream', afterMs: 240, work: PUBLISH, text: SUMMARY, everyMs: 30 },
  { does: 'answer', afterMs: 60, work: PUBLISH, text: SUMMARY, inputTokens: 812, outputTokens: 71 },
  { does: 'done', afterMs: 90, index: 4, work: PUBLISH },
];

/** A press desk that announces a tidal array: four tasks, of which a person reviews the second. */
export const PRESS_DESK: DemoScript = {
  totalTasks: 4,
  workflow: 'SEQUENTIAL',
  steps: [...RESEARCH_STEPS, ...DRAFT_STEPS, ...CHECK_STEPS, ...PUBLISH_STEPS],
};
