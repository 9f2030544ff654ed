/**
 * The family of a model's name: without a region, a publisher or a date. A manifest that says `gpt-4.1` and a provider that
 * answers `gpt-4.1-2025-04-14` speak of one model; `gpt-4.1-mini` is another.
 */
export function modelFamily(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(
      /^(?:publishers\/[^/]+\/models|models|openai|anthropic|google|mistralai|meta-llama|azure|bedrock|vertex_ai)\//,
      '',
    )
    .replace(/^(?:us|eu|apac|global|us-gov)\.(?=[a-z0-9-]+\.)/, '')
    .replace(/^(?:anthropic|amazon|meta|mistral|cohere|ai21|deepseek|openai)\.(?=[a-z])/, '')
    .replace(/-v\d+(?::\d+)?$/, '')
    .replace(/[-@](?:latest|\d{4}-\d{2}-\d{2}|20\d{6}|\d{4}|00\d)$/, '')
}

/** True where both names may be of the same model: equal, or one is the undated name of the other. */
export function isSameModel(a: string, b: string): boolean {
  if (a === b) return true
  const family = modelFamily(a)
  return family === modelFamily(b) && (isBare(a, family) || isBare(b, family))
}

function isBare(name: string, family: string): boolean {
  return modelFamily(name) === family && (name.toLowerCase().endsWith(family) || /-latest$/i.test(name))
}
