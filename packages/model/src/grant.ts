/** Where an authority's statements come from and its acts are recorded. */
export const AUTH_PLANES = ['aws', 'kubernetes', 'gcp', 'azure', 'openai', 'anthropic', 'mcp', 'saas'] as const

export type AuthPlane = (typeof AUTH_PLANES)[number]

/** Who acted, as the authority that let them names them. Untrusted text but for the tier of its source. */
export type Principal = {
  readonly plane: AuthPlane
  /** Stable name: an ARN without its session, `system:serviceaccount:<ns>:<name>`, an e-mail address, a key id. */
  readonly id: string
  readonly kind:
    | 'user'
    | 'role'
    | 'service'
    | 'service-account'
    | 'root'
    | 'federated'
    | 'api-key'
    | 'group'
    | 'anonymous'
    | 'unknown'
  readonly account?: string
  /** Session of the moment: a role session's name, a token's id. */
  readonly session?: string
  /** Principals that it was reached through, nearest first: what assumed the role, what impersonated. */
  readonly via: readonly string[]
  /** Id of the credential that was presented; never the secret. */
  readonly credential?: string
}

/**
 * One statement of authority as it was declared: who may do what to what, or may not. Wildcards stand as they were written;
 * `observe` resolves them. Lists are as the grammar has them: an absent list is not an empty one.
 */
export type Grant = {
  readonly plane: AuthPlane
  /**
   * `identity`: attached to the principal. `boundary`, `scp`: a limit on it. `trust`: who may become it. `capability`: what
   * an agent's own document says that it needs; it gives nothing.
   */
  readonly role: 'identity' | 'resource' | 'boundary' | 'scp' | 'session' | 'trust' | 'capability'
  readonly effect: 'allow' | 'deny'
  readonly actions?: readonly string[]
  /** Without `actions`: all but these. Beside them: what of them is left out, as a wide role of Google Cloud leaves some. */
  readonly notActions?: readonly string[]
  readonly resources?: readonly string[]
  readonly notResources?: readonly string[]
  /** Condition operator -> key -> values, as in IAM grammar; other planes map what they have. */
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
  /** Name of the policy, role, binding or config that holds the statement, and which statement. */
  readonly source: string
  readonly statement: string
}

/** Ties a named holder of statements (policy, role, group) to a principal or to another holder: how authority is inherited. */
export type GrantBinding = {
  readonly plane: AuthPlane
  /** Principal or holder that receives. */
  readonly subject: string
  readonly subjectKind: Principal['kind'] | 'holder'
  /** `Grant.source` of what it receives, or another holder. */
  readonly source: string
  /** `direct`: names the subject itself. Else what it comes down from: a group, project, account, node, namespace, cluster. */
  readonly path: 'direct' | 'inherited'
  /** The ancestor it is inherited from, where it is. */
  readonly ancestor?: string
  /** `boundary`, `scp`: the source's statements limit the subject. `become`: the subject may act as the source. */
  readonly as?: 'boundary' | 'scp' | 'become'
  /** Resource patterns that the statements are held to by this binding: a namespace, a project, a bucket. */
  readonly scope?: readonly string[]
  /** Conditions of the binding itself, as in {@link Grant.conditions}. */
  readonly conditions?: Grant['conditions']
}
