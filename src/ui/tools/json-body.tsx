import type { JSX } from 'solid-js';
import type { Body } from '../../protocol/tab/body.ts';
import type { ProducerKey } from '../../protocol/tab/keys.ts';
import { BodyText } from '../bodies/body-text.tsx';
import { prettyJson } from './pretty-json.ts';

/** What went into a tool or came out of it: laid out where it is JSON, else as it is. */
export function JsonBody(props: { body: Body; producer: ProducerKey }): JSX.Element {
  return <BodyText body={props.body} producer={props.producer} layOut={(text) => prettyJson(text) ?? text} />;
}
