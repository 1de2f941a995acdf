/** A decider may give a name of this many characters, by which others see who decided. */
const NAME_MAX_CHARS = 80;

/** The name under which others see who decided: the one that was given, if it is one, cut to 80 characters. */
export function deciderName(given: unknown, otherwise: string): string {
  const name = typeof given === 'string' ? given.trim().slice(0, NAME_MAX_CHARS) : '';
  return name === '' ? otherwise : name;
}
