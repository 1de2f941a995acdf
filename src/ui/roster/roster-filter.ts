import type { RosterEntity } from '../../protocol/tab/roster-model.ts';

/** One condition; all of them must hold. */
type Term =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'tag'; readonly name: string; readonly value: string | undefined }
  | { readonly kind: 'field'; readonly field: FilterField; readonly text: string };

const FIELDS = ['state', 'service', 'id', 'host', 'version', 'instance'] as const;
type FilterField = (typeof FIELDS)[number];

/** A filter that was read from what somebody typed. */
export interface RosterFilter {
  readonly terms: readonly Term[];
}

/**
 * Reads a filter: words that must occur anywhere, `tag:NAME` or `tag:NAME=VALUE`, and `state:`, `service:`, `id:`, `host:`, `version:`, `instance:` with
 * the beginning of a value. Quotes keep spaces together (`state:"waiting for you"`). Case does not matter. What is no known field is a word.
 */
export function parseRosterFilter(text: string): RosterFilter {
  const parts = text.match(/[^\s":]+:"[^"]*"|"[^"]*"|\S+/g) ?? [];
  return { terms: parts.map((part) => parseTerm(part.replaceAll('"', '').toLowerCase())) };
}

/** Whether a producer passes a filter. */
export function matchesFilter(producer: RosterEntity, filter: RosterFilter): boolean {
  return filter.terms.every((term) => matchesTerm(producer, term));
}

function parseTerm(part: string): Term {
  const colon = part.indexOf(':');
  const name = part.slice(0, colon);
  const rest = part.slice(colon + 1);
  if (name === 'tag') return parseTag(rest);
  const field = FIELDS.find((known) => known === name);
  return field === undefined ? { kind: 'text', text: part } : { kind: 'field', field, text: rest };
}

function parseTag(text: string): Term {
  const equals = text.indexOf('=');
  if (equals < 0) return { kind: 'tag', name: text, value: undefined };
  return { kind: 'tag', name: text.slice(0, equals), value: text.slice(equals + 1) };
}

function matchesTerm(producer: RosterEntity, term: Term): boolean {
  if (term.kind === 'field') return fieldOf(producer, term.field).toLowerCase().startsWith(term.text);
  if (term.kind === 'tag') {
    return producer.tags.some(
      ([name, value]) =>
        name.toLowerCase() === term.name && (term.value === undefined || value.toLowerCase() === term.value),
    );
  }
  return searchText(producer).includes(term.text);
}

function fieldOf(producer: RosterEntity, field: FilterField): string {
  switch (field) {
    case 'state':
      return producer.state;
    case 'service':
      return producer.serviceName ?? '';
    case 'id':
      return producer.producerId;
    case 'host':
      return producer.host ?? '';
    case 'version':
      return producer.version ?? '';
    case 'instance':
      return producer.instanceId ?? '';
  }
}

function searchText(producer: RosterEntity): string {
  const { serviceName, producerId, instanceId, host, version, detail, state, tags } = producer;
  const tagTexts = tags.map(([name, value]) => `${name}=${value}`);
  return [serviceName, producerId, instanceId, host, version, detail, state, ...tagTexts].join('\n').toLowerCase();
}
