/** Hosts that answer model calls, by the end of their names; regional hosts have a label of their own in front. */
const MODEL_HOSTS: readonly string[] = [
  'api.openai.com',
  'openai.azure.com',
  'services.ai.azure.com',
  'models.inference.ai.azure.com',
  'api.anthropic.com',
  'generativelanguage.googleapis.com',
  'aiplatform.googleapis.com',
  'api.mistral.ai',
  'api.groq.com',
  'api.deepseek.com',
  'api.x.ai',
  'api.perplexity.ai',
  'api.cohere.com',
  'api.together.xyz',
  'openrouter.ai',
  'api.fireworks.ai',
  'router.huggingface.co',
  'inference.huggingface.co',
]

/** True for a host that serves models. A gateway under a name of its own is not known by it. */
export function isModelHost(host: string): boolean {
  const name = host
    .replace(/^https?:\/\//, '')
    .replace(/[:/].*$/, '')
    .replace(/\.$/, '')
    .toLowerCase()
  // `us-central1-aiplatform.googleapis.com`: the region stands in the same label.
  return (
    /^bedrock-(?:agent-)?runtime(?:-fips)?\.[a-z0-9-]+\.amazonaws\.com$/.test(name) ||
    /^[a-z0-9-]+-aiplatform\.googleapis\.com$/.test(name) ||
    MODEL_HOSTS.some((known) => name === known || name.endsWith(`.${known}`))
  )
}
