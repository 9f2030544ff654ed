import type { AgentId } from './ids.ts'

/**
 * What a proxy keeps from passing. All but `freeze-model` are of an MCP proxy. Names, URIs and values are captured:
 * untrusted, compared and never run.
 */
export type ProxyHold =
  /** The tool is taken out of lists, and calls to it are refused. */
  | { readonly kind: 'withdraw-tool'; readonly tool: string }
  /** Nothing of the server is used: lists are empty, calls refused, what it asks or tells of itself does not pass. */
  | { readonly kind: 'quarantine-server' }
  /** Tools pass only with one of these definitions. */
  | {
      readonly kind: 'pin-catalogue'
      /** Of the whole list, as it was when it was clean. */
      readonly digest: string
      readonly tools: readonly { readonly name: string; readonly definition: string }[]
    }
  /** Calls pass only where the argument is one of the values, or the pattern (RE2) matches all of it. */
  | {
      readonly kind: 'guard-arguments'
      readonly tool: string
      /** Path through the arguments, parts divided by a dot. */
      readonly argument: string
      readonly values: readonly string[]
      readonly pattern?: string
    }
  /** A document, resource, prompt or record is replaced by a notice wherever a result holds it. */
  | {
      readonly kind: 'quarantine-item'
      /** URI or id as results spell it. */
      readonly id?: string
      /** SHA-256 of the text in hex. */
      readonly digest?: string
    }
  /** A tool that brings text, or the resources whose URI begins with `resource`, bring none any more. */
  | { readonly kind: 'close-channel'; readonly tool?: string; readonly resource?: string }
  /** Calls to the tools that write memory are refused; the tools stay in the lists. */
  | { readonly kind: 'hold-memory'; readonly tools: readonly string[] }
  /** Requests to the model are answered with 503. Without `model` and `credential`: all of the agent. */
  | {
      readonly kind: 'freeze-model'
      readonly model?: string
      /** SHA-256 of the key that the request shows, in hex. */
      readonly credential?: string
    }

/** One hold, given to every proxy of an agent that it concerns. */
export type ProxyOrder = {
  readonly order: string
  /** The incident that it is for. */
  readonly incident: string
  readonly agent: AgentId
  /** As the agent calls itself; to show. Untrusted. */
  readonly agentName: string
  /** The MCP server that it concerns, by the name that it gives itself; absent: every one of the agent. */
  readonly server?: string
  readonly hold: ProxyHold
  /** 0 never ends by itself. */
  readonly ttlMs: number
}

/**
 * A step of an order; `acknowledged`, `refused` and `ended` are the word of one proxy, and only a probe confirms. What ended on the
 * clock of a proxy goes on elsewhere.
 */
export type ProxyOrderRecord = ProxyOrder & {
  readonly state: 'ordered' | 'acknowledged' | 'refused' | 'ended' | 'probed' | 'released'
  /** A person, or the run of the proxy that says it. */
  readonly by: string
  readonly detail: string
}
