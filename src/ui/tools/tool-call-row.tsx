import { Show, createMemo } from 'solid-js';
import type { JSX } from 'solid-js';
import type { Body } from '../../protocol/tab/body.ts';
import type { ToolCallEntity } from '../../protocol/tab/conversation-model.ts';
import type { ProducerKey } from '../../protocol/tab/keys.ts';
import { groupDigits } from '../format/count.ts';
import { clockDuration, measuredDuration } from '../format/duration.ts';
import { StateGlyph } from '../glyphs/state-glyph.tsx';
import { JsonBody } from './json-body.tsx';
import { outcomeOf } from './tool-words.ts';

/** One tool call in a line; opened, with its arguments and its result. */
export function ToolCallRow(props: {
  call: ToolCallEntity;
  producer: ProducerKey;
  startedAtMs: number | undefined;
  isOpen: boolean;
  onToggle: () => void;
}): JSX.Element {
  const outcome = createMemo(() => outcomeOf(props.call));
  const at = (): string => {
    if (props.startedAtMs === undefined) return '';
    const offset = clockDuration(props.call.atMs - props.startedAtMs);
    return props.call.isEstimated ? `about ${offset}` : offset;
  };
  return (
    <div class="call" data-outcome={outcome().glyph}>
      <button type="button" class="call-line" aria-expanded={props.isOpen} onClick={() => props.onToggle()}>
        <span class="call-fold" aria-hidden="true" />
        <StateGlyph state={outcome().glyph} />
        <b>{props.call.toolName}</b>
        <span class="call-who">
          {props.call.agentRole}
          <Show when={props.call.taskDescription}> · {props.call.taskDescription}</Show>
        </span>
        <span class="call-outcome">{outcome().word}</span>
        <span class="call-took">{measuredDuration(props.call.durationMs)}</span>
        <span class="call-at">{at()}</span>
      </button>
      <Show when={props.isOpen}>
        <div class="call-bodies">
          <CallBody name="Arguments" body={props.call.arguments} producer={props.producer} />
          <CallBody name="Result" body={props.call.result} producer={props.producer} />
          <CallBody name="Structured result" body={props.call.structuredResult} producer={props.producer} />
        </div>
      </Show>
    </div>
  );
}

function CallBody(props: { name: string; body: Body | undefined; producer: ProducerKey }): JSX.Element {
  return (
    <Show when={props.body}>
      {(body) => (
        <details open>
          <summary>
            {props.name} <span>{groupDigits(body().totalChars)} characters</span>
          </summary>
          <JsonBody body={body()} producer={props.producer} />
        </details>
      )}
    </Show>
  );
}
