import { agentIdOf, parseAgentId, parseRfc3339 } from '@holdfast/model'
import type { AgentId, Component, Grant, GrantBinding, UnixNano } from '@holdfast/model'
import { field, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'

/** What a document declares; the parts that it does not speak of are empty. Texts are untrusted. */
export type Declared = {
  /** `iam-policy`, `kubernetes-rbac`, `mcp-client-config`, ... */
  readonly format: string
  /** The agent that the document is about, where it is about one. Authority documents are about an account or a cluster. */
  readonly agent?: { readonly id: AgentId; readonly name: string }
  readonly components: readonly Component[]
  readonly grants: readonly Grant[]
  readonly bindings: readonly GrantBinding[]
  readonly facts: Readonly<Record<string, string>>
}

/** Reads one kind of document; undefined for every other. `name` is the file's, without its ending; `holder` whose it is. */
export type DocumentReader = (content: Json, name: string, holder?: string) => Declared | undefined

/**
 * A document as an entry holds it: `{"holdfastDeclared": {"document", "agent"?, "at"?, "content"}}`. `content` is the JSON
 * itself, or the text of a document that is none. `agent` says whose it is where it does not say so; `at` is when it was
 * in force, else the time at which it was recorded.
 */
export type DocumentFrame = {
  readonly document: string
  readonly agent?: { readonly id: AgentId; readonly name: string }
  readonly at?: UnixNano
  readonly content: Json
}

/** Undefined for JSON that is no such frame. */
export function parseFrame(json: Json): DocumentFrame | undefined {
  const frame = field(json, 'holdfastDeclared')
  const document = textField(frame, 'document')
  const content = field(frame, 'content')
  if (document === undefined || content === undefined) return undefined
  const agent = agentNamed(textField(frame, 'agent'))
  const at = parseRfc3339(textField(frame, 'at') ?? '')
  return {
    document: document.slice(0, 512),
    content,
    ...(agent === undefined ? {} : { agent }),
    ...(at === undefined ? {} : { at }),
  }
}

/** The agent that an id in a document names; undefined where the text is no agent id. */
export function agentNamed(text: string | undefined): DocumentFrame['agent'] {
  const id = text === undefined ? undefined : parseAgentId(text)
  return id === undefined ? undefined : { id, name: id.slice(id.lastIndexOf('/') + 1) }
}

/** Under which a document stands that is about no agent: the authority that it belongs to. */
export function authorityAgent(
  plane: string,
  owner: string | undefined,
): { readonly id: AgentId; readonly name: string } {
  const host = owner === undefined ? plane : `${plane} ${owner}`
  return { id: agentIdOf({ kind: 'host', host, service: 'authority' }), name: `authority of ${host}` }
}
