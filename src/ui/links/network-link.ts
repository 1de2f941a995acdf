/** One ensemble that a link names. */
export interface LinkedEnsemble {
  readonly name?: string;
  readonly address: string;
}

/**
 * Reads the list of `/network?ensembles=name:ws://a,name2:ws://b`. A part without a name is an address alone. Empty parts are left out.
 */
export function parseEnsembles(text: string): LinkedEnsemble[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(parseEnsemble);
}

function parseEnsemble(part: string): LinkedEnsemble {
  const named = /^([^:/]+):(?=(?:wss?|https?):\/\/)(.+)$/.exec(part);
  const [, name, address] = named ?? [];
  return name === undefined || address === undefined || /^(wss?|https?)$/.test(name)
    ? { address: part }
    : { name, address };
}
