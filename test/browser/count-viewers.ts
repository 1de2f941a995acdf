/** How many viewers a relay says that it has. */
export async function countViewers(relayUrl: string): Promise<number> {
  const response = await fetch(`${relayUrl}/api/status`);
  return ((await response.json()) as { viewers: number }).viewers;
}
