/** Apart from what acts on them, so that help loads no proxy. */
export type AgentFlags = { readonly agentKey?: string; readonly agentVersion?: string }

/** As who an agent starts. The rest of what it says of itself is in its environment. */
export const agentFlags = {
  agentKey: {
    kind: 'parsed',
    parse: String,
    optional: true,
    brief: 'Key that it proves its name with (default: HOLDFAST_AGENT_KEY)',
    placeholder: 'FILE',
  },
  agentVersion: {
    kind: 'parsed',
    parse: String,
    optional: true,
    brief: 'Its version (default: service.version of OTEL_RESOURCE_ATTRIBUTES)',
    placeholder: 'V',
  },
} as const
