import { parseUnixNano } from '@holdfast/model'
import type { UnixNano } from '@holdfast/model'
import { field, isJsonArray, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { writeJsonText } from '../decode/json-text.ts'
import type { ForeignEvent } from '../import/foreign-entries.ts'
import { readAgentAuthority } from './agent-authority.ts'
import { readAwsAuthority } from './aws-authority.ts'
import { parseFrame } from './document.ts'
import type { Declared, DocumentFrame, DocumentReader } from './document.ts'
import { readGcpAuthority } from './gcp-authority.ts'
import { readKubernetesRbac } from './kubernetes-rbac.ts'

/** Every kind of document that is known; the first that recognises one reads it. */
const READERS: readonly DocumentReader[] = [readAgentAuthority, readKubernetesRbac, readAwsAuthority, readGcpAuthority]

/** What a framed document declares; undefined where no reader knows it. */
export function readDocument({ content, document }: Pick<DocumentFrame, 'content' | 'document'>): Declared | undefined {
  const name = stemOf(document)
  for (const read of READERS) {
    const declared = read(content, name)
    if (declared !== undefined) return declared
  }
  return undefined
}

/**
 * A document as the importer stores it, with the frame that it is stored in. JSON that is framed already keeps its bytes.
 * Undefined for JSON that is no document that is known.
 */
export function declaredRecord(
  json: Json,
  file: string,
): { readonly event: ForeignEvent; readonly framed: string | undefined } | undefined {
  const own = parseFrame(json)
  const frame = own ?? { document: file, content: json }
  const declared = readDocument(frame)
  const agent = frame.agent ?? declared?.agent
  if (declared === undefined || agent === undefined) return undefined
  const zero = parseUnixNano(0n) as UnixNano // 0 is in range
  return {
    event: {
      format: declared.format,
      channel: 'declared',
      encoding: 'declared-document',
      // A document is somebody's word, and not that of the authority that would act on it.
      tier: 'self-reported',
      agent: agent.id,
      agentName: agent.name,
      at: frame.at ?? zero,
    },
    framed: own === undefined ? writeJsonText({ holdfastDeclared: { document: file, content: json } }) : undefined,
  }
}

/** The documents of a Kubernetes `List`, each by itself; undefined for other JSON. */
export function documentsIn(json: Json): readonly Json[] | undefined {
  const items = field(json, 'items')
  if (!isJsonArray(items) || !(textField(json, 'kind') ?? '').endsWith('List')) return undefined
  return items.some((item) => readDocument({ content: item, document: '-' }) !== undefined) ? items : undefined
}

function stemOf(path: string): string {
  const base = path.slice(path.lastIndexOf('/') + 1)
  return base.replace(/\.(json|ya?ml|jsonl)$/i, '') || base
}
