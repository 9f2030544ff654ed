import { hash } from 'node:crypto'
import { formatRfc3339, parseUnixNano, type BomCategory, type TrustTier } from '@holdfast/model'
import type { BomRow } from './instant.ts'

/** A JSON document of CycloneDX 1.7. */
export type CycloneDx = { readonly [key: string]: unknown }

export type ExportInput = {
  readonly agent: { readonly id: string; readonly name: string; readonly class: string }
  readonly version: string
  /** The instant that was asked for; it stands as the document's time, so that the same instant gives the same bytes. */
  readonly at: bigint
  readonly rows: readonly BomRow[]
  readonly emptyReasons: Readonly<Partial<Record<BomCategory, string>>>
}

/**
 * The AI-BOM as CycloneDX 1.7. No type of it says agent, tool or prompt: what each part is stands in properties named
 * `holdfast:ai:*`, and proofs are positions of the log. The same rows give the same document, serial number included.
 */
export function toCycloneDx({ agent, version, at, rows, emptyReasons }: ExportInput): CycloneDx {
  const services = rows.filter(({ component }) => SERVICES.has(component.kind)).map(serviceOf)
  const components = rows.filter(({ component }) => !SERVICES.has(component.kind)).map(componentOf)
  const refs = rows.map(refOf).toSorted()
  const document = {
    $schema: 'http://cyclonedx.org/schema/bom-1.7.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.7',
    version: 1,
    metadata: {
      timestamp: timeOf(at),
      lifecycles: [{ phase: 'operations' }],
      tools: { components: [{ type: 'application', name: 'holdfast', version }] },
      component: {
        type: 'application',
        'bom-ref': agent.id,
        name: agent.name,
        properties: properties({ 'holdfast:ai:agent': agent.id, 'holdfast:ai:class': agent.class }),
      },
      properties: Object.entries(emptyReasons)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([category, reason]) => ({ name: `holdfast:ai:empty:${category}`, value: reason })),
    },
    components: components.toSorted(byRef),
    services: services.toSorted(byRef),
    dependencies: [{ ref: agent.id, dependsOn: refs }, ...toolDependencies(rows)],
    // What was not seen is not in it.
    compositions: [{ aggregate: 'incomplete', assemblies: [agent.id] }],
  }
  const digest = hash('sha256', JSON.stringify(document), 'hex')
  return { ...document, serialNumber: `urn:uuid:${uuidOf(digest)}` }
}

/** What is reached over the network, or acts as somebody, is a service. */
const SERVICES: ReadonlySet<string> = new Set(['mcp-server', 'endpoint', 'delegate', 'identity'])

type Referred = { readonly 'bom-ref': string; readonly [key: string]: unknown }

function refOf({ id, component }: BomRow): string {
  return `${component.kind}:${id}`
}

function componentOf(row: BomRow): Referred {
  const { component, details } = row
  const version = component.version === undefined ? {} : { version: component.version }
  const hashes = component.digest === undefined ? {} : { hashes: [{ alg: 'SHA-256', content: component.digest }] }
  const provider = details['provider']?.[0]
  const shared = {
    'bom-ref': refOf(row),
    name: component.name,
    ...version,
    ...hashes,
    ...(row.declared !== undefined && row.standing === 'declared' ? { scope: 'optional' } : {}),
    properties: propertiesOf(row),
    ...evidenceOf(row),
  }
  switch (component.kind) {
    case 'model':
      return {
        type: 'machine-learning-model',
        ...shared,
        ...(provider === undefined ? {} : { publisher: provider }),
        modelCard: { modelParameters: { task: details['operation']?.[0] ?? 'text generation' } },
      }
    case 'framework':
      return { type: 'framework', ...shared, ...purlOf(row) }
    case 'package':
      return { type: 'library', ...shared, ...purlOf(row) }
    case 'runtime':
      return { type: 'platform', ...shared }
    case 'image':
      return { type: 'container', ...shared }
    case 'prompt-template':
      return {
        type: 'data',
        ...shared,
        data: [{ type: 'definition', name: component.name, classification: 'unclassified' }],
      }
    case 'data-source':
    case 'memory-store':
      return {
        type: 'data',
        ...shared,
        data: [{ type: 'dataset', name: component.name, classification: 'unclassified' }],
      }
    case 'adapter':
    case 'skill':
      return { type: 'file', ...shared }
    case 'tool':
    case 'mcp-server':
    case 'endpoint':
    case 'delegate':
    case 'identity':
      return { type: 'application', ...shared, tags: [component.kind === 'tool' ? 'mcp-tool' : component.kind] }
  }
}

function serviceOf(row: BomRow): Referred {
  const { component, details } = row
  const url = details['url']?.[0] ?? (component.kind === 'endpoint' ? `https://${component.name}` : undefined)
  return {
    'bom-ref': refOf(row),
    name: component.name,
    ...(component.version === undefined ? {} : { version: component.version }),
    ...(url === undefined || !ENDPOINT.test(url) ? {} : { endpoints: [url] }),
    tags: [component.kind],
    properties: [
      ...propertiesOf(row),
      ...(component.digest === undefined ? [] : [{ name: 'holdfast:ai:digest', value: component.digest }]),
    ],
  }
}

/**
 * What a viewer may make a link of: whoever named the service chose its address, and `javascript://` is one too. Any other stands
 * among the properties.
 */
const ENDPOINT = /^(?:https?|wss?|grpcs?):\/\/[^\s"<>\\^`{|}]+$/i

/** Proof by position: who saw it how, and where in the log that stands. */
function evidenceOf(row: BomRow): object {
  const spans = [row.loaded, row.called].filter((span) => span !== undefined)
  if (spans.length === 0 || row.tier === undefined) return {}
  const entries = [...new Set(spans.flatMap(({ firstEntry, lastEntry }) => [firstEntry, lastEntry]))]
  return {
    evidence: {
      identity: [
        {
          field: 'name',
          confidence: CONFIDENCE[row.tier],
          methods: [
            {
              technique: row.tier === 'self-reported' ? 'instrumentation' : 'dynamic-analysis',
              confidence: CONFIDENCE[row.tier],
              value: row.tier,
            },
          ],
        },
      ],
      occurrences: entries.toSorted((a, b) => a - b).map((entry) => ({ location: `log-entry:${entry}` })),
    },
  }
}

/** How far a tier is believed, as the format wants it: a number. Ours to choose; the tier itself stands beside it. */
const CONFIDENCE: Readonly<Record<TrustTier, number>> = {
  kernel: 1,
  provider: 0.9,
  boundary: 0.8,
  'self-reported': 0.5,
}

function propertiesOf(row: BomRow): readonly { readonly name: string; readonly value: string }[] {
  const { component, category, standing, details } = row
  const spans = (['declared', 'loaded', 'called'] as const).flatMap((sight) => {
    const span = row[sight]
    if (span === undefined) return []
    return [
      [`holdfast:ai:${sight}:first`, timeOf(span.first)],
      [`holdfast:ai:${sight}:last`, timeOf(span.last)],
      [`holdfast:ai:${sight}:entries`, [...new Set([span.firstEntry, span.lastEntry])].join(' ')],
    ] as const
  })
  return properties({
    'holdfast:ai:category': category,
    'holdfast:ai:kind': component.kind,
    'holdfast:ai:standing': standing,
    ...(row.tier === undefined ? {} : { 'holdfast:ai:tier': row.tier }),
    'aibom.confidence': standing === 'declared' ? 'declared' : row.tier === 'self-reported' ? 'inferred' : 'verified',
    ...Object.fromEntries(spans),
    ...Object.fromEntries(
      Object.entries(details).map(([name, values]) => [`holdfast:ai:detail:${name}`, values.join(' | ')]),
    ),
  })
}

function properties(
  given: Readonly<Record<string, string>>,
): readonly { readonly name: string; readonly value: string }[] {
  return Object.entries(given).map(([name, value]) => ({ name, value }))
}

function purlOf({ component, details }: BomRow): object {
  const ecosystem = details['ecosystem']?.[0]
  if (ecosystem === undefined || !/^[a-z]+$/.test(ecosystem) || component.version === undefined) return {}
  const name = component.name.split('/').map(encoded).join('/')
  return { purl: `pkg:${ecosystem}/${name}@${encoded(component.version)}` }
}

/** Half a pair of surrogates has no encoding, and is no reason to have no document. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}

function toolDependencies(rows: readonly BomRow[]): readonly object[] {
  const servers = rows.filter(({ component }) => component.kind === 'mcp-server')
  return servers
    .map((server) => {
      const provides = rows.filter(
        ({ component, details }) =>
          component.kind === 'tool' && details['server']?.includes(server.component.name) === true,
      )
      return { ref: refOf(server), provides: provides.map(refOf).toSorted() }
    })
    .filter(({ provides }) => provides.length > 0)
    .toSorted((a, b) => (a.ref < b.ref ? -1 : 1))
}

function byRef(a: Referred, b: Referred): number {
  return a['bom-ref'] < b['bom-ref'] ? -1 : 1
}

function timeOf(nanos: bigint): string {
  const time = parseUnixNano(nanos)
  return time === undefined ? '' : formatRfc3339(time)
}

/** A UUID of version 8 made of a digest: the same content has the same number. */
function uuidOf(digest: string): string {
  const variant = ((Number.parseInt(digest.charAt(16), 16) & 0x3) | 0x8).toString(16)
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`
}
