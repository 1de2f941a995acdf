interface TypedSchema {
  readonly shape: { readonly type: { readonly def: { readonly values: readonly string[] } } };
}

/** The schemas of messages by the `type` that each is for: a frame names it, and is held to that one schema alone. */
export function schemasByType<S extends TypedSchema>(schemas: readonly S[]): ReadonlyMap<string, S> {
  return new Map(schemas.flatMap((schema) => schema.shape.type.def.values.map((type) => [type, schema] as const)));
}
