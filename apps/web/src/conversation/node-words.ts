import type { EdgeBasis, EdgeKind, Lane, NodeKind } from '@holdfast/model'

/** Lanes from left to right, and what each holds. */
export const LANES: readonly { readonly lane: Lane; readonly name: string }[] = [
  { lane: 'input', name: 'Input' },
  { lane: 'reasoning', name: 'Reasoning' },
  { lane: 'tool', name: 'Tool' },
  { lane: 'identity', name: 'Identity' },
  { lane: 'process', name: 'Process' },
  { lane: 'network', name: 'Network' },
]

export const KIND_WORDS: Readonly<Record<NodeKind, string>> = {
  message: 'message',
  document: 'document',
  'model-call': 'model call',
  'model-output': 'model output',
  tool: 'tool call',
  'tool-definition': 'tool definition',
  memory: 'memory',
  agent: 'agent',
  delegation: 'delegation',
  identity: 'identity',
  guardrail: 'guardrail',
  egress: 'egress',
  'api-call': 'API call',
  process: 'process',
  file: 'file',
  connection: 'connection',
  'kernel-act': 'kernel act',
  step: 'step',
}

export const EDGE_WORDS: Readonly<Record<EdgeKind, string>> = {
  contains: 'ran inside',
  entered: 'entered',
  produced: 'produced',
  requested: 'asked for',
  returned: 'returned',
  delegated: 'handed work to',
  'acted-as': 'acted as',
  sent: 'sent',
  spawned: 'started',
  touched: 'touched',
  connected: 'connected to',
  performed: 'did',
  carried: 'carried a value to',
}

export const BASIS_WORDS: Readonly<Record<EdgeBasis, string>> = {
  trace: 'the same trace context on both sides (of a process: what its environment states)',
  'call-id': 'the same call id on both sides',
  socket: 'the same connection seen from both sides',
  lineage: 'a descendant of a joined process',
  content: 'inferred: the same text, or a rare value, seen entering and leaving',
  exclusive: 'inferred: the only context active at that moment',
  temporal: 'near in time only: never enough for a verdict',
}

/** How a line of that basis is drawn; the legend and the graph agree by this. */
export function lineOf(basis: EdgeBasis): 'solid' | 'dashed' | 'dotted' | 'faint' {
  switch (basis) {
    case 'trace':
    case 'call-id':
    case 'socket':
    case 'lineage':
      return 'solid'
    case 'content':
      return 'dashed'
    case 'exclusive':
      return 'dotted'
    case 'temporal':
      return 'faint'
  }
}
