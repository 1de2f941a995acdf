/** The texts that the press desk of the demo works with. */

/** What the researcher finds. */
export const FACTS = `## Skerry Sound tidal array: the facts

| | |
|---|---|
| Site | Skerry Sound, 1.8 km off the lighthouse |
| Turbines | 12, horizontal axis, 2 MW each |
| Installed power | 24 MW |
| Mean spring current | 3.4 m/s |
| Expected yield | 71 GWh a year |
| Homes supplied | about 19,000 |
| First power | March 2027 |

- The tide turns **four times a day**, so there is no output for roughly 25 minutes around each slack water.
- The array needs no storage to be planned: its output is known *years* ahead.
- Sources: harbour authority tide tables, grid connection agreement, environmental statement.
`;

/** What the writer drafts, and a person reviews. */
export const RELEASE = `# Power you can set a clock by

**Skerry Sound, 22 November.** Twelve turbines on the bed of Skerry Sound will supply about 19,000 homes from March 2027, the Sound Energy Cooperative announced today. The 24 MW array is the first on this coast to be owned by the people who live beside it.

"The wind comes when it likes. The tide has kept its appointments since there was a moon," said Ailsa Munro, who chairs the cooperative. "We know to the minute what we will deliver on any day of 2040."

The array will yield about 71 GWh a year. Because the current turns four times a day, it rests for some 25 minutes at each slack water; the grid operator plans for these pauses years ahead.

Construction begins in April. Two years of monitoring found no collisions with seals or porpoises at the test turbine, which has turned since 2024.

*Contact: press desk, Sound Energy Cooperative*
`;

/** What the translator makes of the headline and the lead. */
export const TRANSLATION = `# Ynni y gallwch osod eich cloc wrtho

**Swnt Skerry, 22 Tachwedd.** Bydd deuddeg tyrbin ar wely Swnt Skerry yn cyflenwi tua 19,000 o gartrefi o fis Mawrth 2027 ymlaen, cyhoeddodd Cydweithfa Ynni'r Swnt heddiw.
`;

/** What the editor concludes. */
export const CHECKED = `## Checked and ready

1. **Yield**: 24 MW at a capacity factor of 34 % gives 71.5 GWh. The release says *about 71*: correct.
2. **Homes**: 71 GWh / 3,700 kWh = 19,189. The release says *about 19,000*: correct.
3. **Date of first power**: the registry did not answer at first; on the second try it confirmed March 2027.
4. The Welsh headline and lead are attached.

\`\`\`ts
const homes = (71_000_000 / 3_700).toFixed(0); // "19189"
\`\`\`
`;

/** What the publisher writes for the newsroom. */
export const SUMMARY = `**For the desk:** community-owned tidal array, 24 MW, first power in March 2027, about 19,000 homes. Embargo until 07:00. English release and Welsh lead are in the folder; picture of the test turbine on request.
`;
