import { ProducerRegistry, type RegistryOptions, type RegistryOutput } from '../../src/hub/producer-registry.ts';

/** A registry of no producers; no review is open unless it is said. */
export function registryOf(options: Partial<RegistryOptions> = {}): ProducerRegistry {
  return new ProducerRegistry({ isReviewOpen: () => false, ...options });
}

/** What a registry puts out: what happened, and to whom. */
export function kinds(outputs: readonly RegistryOutput[]): string[] {
  return outputs.map(({ kind, producerId }) => `${kind} ${producerId}`);
}
