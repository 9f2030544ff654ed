import { formatRfc3339, parseAgentId, parseRfc3339, parseUnixNano } from '@holdfast/model'
import type { UnixNano } from '@holdfast/model'
import { field, isJsonArray, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { writeJsonText } from '../decode/json-text.ts'
import type { ForeignEvent } from '../import/foreign-entries.ts'
import { readA2aCard } from './a2a-card.ts'
import { readAgentAuthority } from './agent-authority.ts'
import { readAgentConfig } from './agent-config.ts'
import { readAwsAuthority } from './aws-authority.ts'
import { parseFrame } from './document.ts'
import type { Declared, DocumentFrame, DocumentReader } from './document.ts'
import { readGcpAuthority } from './gcp-authority.ts'
import { readKubernetesRbac } from './kubernetes-rbac.ts'
import { readKubernetesWorkload } from './kubernetes-workload.ts'
import { readMcpClientConfig } from './mcp-client-config.ts'
import { readNpmManifest, readPythonManifest } from './package-manifest.ts'
import { readProviderExport } from './provider-export.ts'
import { parseYaml, yamlDocuments } from './text-documents.ts'

/** Every kind of document that is known; the first that recognises one reads it. */
const READERS: readonly DocumentReader[] = [
  readAgentAuthority,
  readKubernetesRbac,
  readAwsAuthority,
  readGcpAuthority,
  readKubernetesWorkload,
  readProviderExport,
  readA2aCard,
  readMcpClientConfig,
  readNpmManifest,
  readAgentConfig,
]

/** What a framed document declares; undefined where no reader knows it. Text is YAML, or a manifest known by its name. */
export function readDocument({ content, document, agent }: Omit<DocumentFrame, 'at'>): Declared | undefined {
  const text = typeof content === 'string' ? content : undefined
  const manifest = text === undefined ? undefined : readPythonManifest(text, document)
  if (manifest !== undefined) return manifest
  const json = text === undefined ? content : parseYaml(text)
  const name = stemOf(document)
  for (const read of json === undefined ? [] : READERS) {
    const declared = read(json ?? null, name, agent?.id)
    if (declared !== undefined) return declared
  }
  return undefined
}

/** What the importer says of the documents that it brings, where they do not say it. */
export type DeclaredOptions = {
  readonly agent?: DocumentFrame['agent']
  /** The cluster that manifests are of. */
  readonly cluster?: string
  /** Since when they hold, in RFC 3339; when they are recorded unless told. */
  readonly at?: string
}

/** The documents of a text that is no JSON: a manifest known by its name, or YAML. Undefined for any other text. */
export function textDocuments(text: string, file: string): readonly Json[] | undefined {
  if (readPythonManifest(text, file) !== undefined) return [text]
  return /\.ya?ml$/i.test(file) ? yamlDocuments(text) : undefined
}

/** True for a document that a reader knows and that names no agent, where nobody else names one. */
export function needsAgent(json: Json, file: string, { agent }: DeclaredOptions): boolean {
  const own = parseFrame(json)
  const declared = readDocument(own ?? { document: file, content: json })
  return declared !== undefined && (own?.agent ?? agent ?? declared.agent) === undefined
}

/**
 * A document as the importer stores it, with the frame that it is stored in. JSON that is framed already keeps its bytes;
 * YAML is stored as JSON, because a mask in the place of a plain YAML value would read as a list.
 * Undefined for JSON that is no document that is known.
 */
export function declaredRecord(
  json: Json,
  file: string,
  options: DeclaredOptions = {},
): { readonly event: ForeignEvent; readonly framed: string | undefined } | undefined {
  const own = parseFrame(json)
  const frame = own === undefined ? { document: file, content: json } : asJson(own)
  const declared = readDocument(frame)
  const agent = frame.agent ?? options.agent ?? clustered(declared?.agent, options.cluster)
  if (declared === undefined || agent === undefined) return undefined
  const zero = parseUnixNano(0n) as UnixNano // 0 is in range
  const stated = agent === declared.agent ? {} : { agent: agent.id }
  const since = frame.at === undefined ? options.at : formatRfc3339(frame.at)
  const at = since === undefined ? {} : { at: since }
  return {
    event: {
      format: declared.format,
      channel: 'declared',
      encoding: 'declared-document',
      // A document is somebody's word, and not that of the authority that would act on it.
      tier: 'self-reported',
      agent: agent.id,
      agentName: agent.name,
      at: frame.at ?? parseRfc3339(options.at ?? '') ?? zero,
    },
    framed:
      own !== undefined && own.content === frame.content
        ? undefined
        : writeJsonText({ holdfastDeclared: { document: frame.document, ...stated, ...at, content: frame.content } }),
  }
}

function asJson(frame: DocumentFrame): DocumentFrame {
  const { content, document } = frame
  if (typeof content !== 'string' || readPythonManifest(content, document) !== undefined) return frame
  return { ...frame, content: parseYaml(content) ?? content }
}

/** The same workload in the cluster that the importer names. */
function clustered(agent: Declared['agent'], cluster: string | undefined): Declared['agent'] {
  if (agent === undefined || cluster === undefined || !agent.id.startsWith('k8s:-/')) return agent
  const id = parseAgentId(agent.id.replace('k8s:-/', `k8s:${cluster.replaceAll('/', '_')}/`))
  return id === undefined ? agent : { ...agent, id }
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
