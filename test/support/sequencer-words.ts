import type { SequencerOutput } from '../../src/hub/sequencer.ts';

/** What a sequencer puts out, each as a few words. */
export function say(outputs: readonly SequencerOutput<string>[]): string[] {
  return outputs.map((output) => {
    switch (output.kind) {
      case 'epoch':
        return `epoch ${output.epoch} from ${output.firstSequence}`;
      case 'event':
        return `${output.item.payload}${output.late ? ' late' : ''}`;
      case 'hole':
        return `hole ${output.epoch}: ${output.from}-${output.to}`;
      case 'repeat':
        return `repeat ${output.item.payload}`;
    }
    return '';
  });
}
