import { hash } from 'node:crypto'
import { templateText, type Component, type Content, type Event, type Sight, type Sighting } from '@holdfast/model'
import { placed } from './component.ts'
import { isModelHost } from './model-hosts.ts'

/** Which parts of an agent an event shows (SPEC.md, I1); most events show none. Pure. */
export function sightingsOf(event: Event): readonly Sighting[] {
  return partsOf(event).map(([sight, component]) => ({
    component: placed(component),
    sight,
    claimedAt: event.claimedAt,
    recordedAt: event.recordedAt,
    entry: event.entry,
    tier: event.source.tier,
  }))
}

type Part = readonly [sight: Sight, component: Component]

function partsOf(event: Event): readonly Part[] {
  const { body } = event
  switch (body.kind) {
    case 'model-call':
      return modelParts(event, body)
    case 'prompt':
      return promptParts(event, body)
    case 'tool-definition':
      return [['loaded', toolOf(body)], ...serverParts('loaded', body.server)]
    case 'tool-catalogue':
      return catalogueParts(body)
    case 'tool-call':
      return [
        ['called', { kind: 'tool', name: body.toolName, details: known({ server: body.server, type: body.toolType }) }],
        ...serverParts('called', body.server),
      ]
    case 'context-item':
      return documentParts(body)
    case 'memory':
      return [['called', { kind: 'memory-store', name: body.store ?? 'memory', details: { [body.operation]: 'yes' } }]]
    case 'delegation':
      return [['called', { kind: 'delegate', name: body.to, details: { mechanism: body.mechanism } }]]
    case 'identity':
      // Whom an agent serves is none of its own identities.
      return body.principalKind === 'user' || body.principalKind === 'process'
        ? []
        : [['called', { kind: 'identity', name: body.principal, details: { kind: body.principalKind } }]]
    case 'api-call':
      return identityParts(body)
    case 'component':
      return body.state === 'loaded'
        ? [['loaded', { ...body.component, details: { ...body.component.details, ...known({ loader: body.loader }) } }]]
        : []
    case 'declaration':
      return body.components.map((component) => [
        'declared',
        { ...component, details: { ...component.details, document: body.document } },
      ])
    case 'egress':
      return isModelHost(body.destination) ? [['called', endpointOf(body.destination, { seen: body.protocol })]] : []
    case 'dns':
      return isModelHost(body.name) ? [['called', endpointOf(body.name, { seen: 'dns' })]] : []
    case 'process':
      return event.context.isSetup === true ? [] : runtimeParts(body)
    case 'model-output':
    case 'tool-result':
    case 'change':
    case 'invocation':
    case 'guardrail':
    case 'step':
    case 'file':
    case 'connection':
    case 'kernel':
    case 'syscall-set':
    case 'socket':
    case 'control':
      return []
  }
}

type Body<K extends Event['body']['kind']> = Extract<Event['body'], { readonly kind: K }>

function modelParts(event: Event, body: Body<'model-call'>): readonly Part[] {
  const { operation, provider, requestModel, responseModel, endpoint } = body
  const model = answeredModel(body)
  const details = known({
    provider,
    endpoint,
    requested: requestModel,
    stated: responseModel === undefined ? 'requested only' : undefined,
    operation,
    credentialScope: body.credentialScope,
  })
  const version = event.agent.version
  return [
    ...(model === undefined ? [] : [['called', { ...model, details }] as const]),
    ...(endpoint === undefined ? [] : [['called', endpointOf(endpoint, known({ provider }))] as const]),
    ...(version === undefined
      ? []
      : [
          [
            'loaded',
            { kind: 'package', name: event.agent.name, version, details: { role: 'the agent itself' } },
          ] as const,
        ]),
  ]
}

/** The model that answered, not the one requested: a call that failed shows only where it went. */
export function answeredModel(body: Omit<Body<'model-call'>, 'kind'>): Component | undefined {
  const { operation, requestModel, responseModel, error } = body
  const name = responseModel ?? (error === undefined ? requestModel : undefined)
  if (name === undefined) return undefined
  return { kind: 'model', name, slot: operation === 'embeddings' ? 'model:embeddings' : 'model', details: {} }
}

function promptParts(event: Event, { role, content }: Body<'prompt'>): readonly Part[] {
  if (role !== 'system' && role !== 'developer') return []
  const text = textOf(content)
  if (text === undefined) return []
  const member = event.agent.member ?? event.agent.name
  const digest = sha256(templateText(text))
  const slot = `prompt-template:${member}`
  return [
    ['loaded', { kind: 'prompt-template', name: `${role} prompt of ${member}`, digest, slot, details: { member } }],
  ]
}

/** A definition of which a part is not at hand has no digest: it could be equal to anything. */
function toolOf({ toolName, description, parameters, server, definition }: Body<'tool-definition'>): Component {
  const details = known({ server })
  if (definition !== undefined) return { kind: 'tool', name: toolName, digest: definition, details }
  const texts = [textOf(description), textOf(parameters)]
  if (texts.includes(undefined)) return { kind: 'tool', name: toolName, details }
  const digest = sha256(JSON.stringify([toolName, ...texts]))
  // Told to the model, not listed by the server: another canonical form, whose digests compare among themselves alone.
  return { kind: 'tool', name: toolName, digest, slot: `tool-as-told:${server ?? '-'}/${toolName}`, details }
}

function serverParts(sight: Sight, server: string | undefined): readonly Part[] {
  return server === undefined ? [] : [[sight, { kind: 'mcp-server', name: server, details: {} }]]
}

function catalogueParts({
  server,
  serverVersion,
  protocolVersion,
  digest,
  tools,
}: Body<'tool-catalogue'>): readonly Part[] {
  const details = known({ protocol: protocolVersion, tools: String(tools.length) })
  const version = known({ version: serverVersion })
  return [
    ['loaded', { kind: 'mcp-server', name: server, ...version, digest, details }],
    ...tools.map(({ name, definition }): Part => [
      'loaded',
      { kind: 'tool', name, digest: definition, details: { server } },
    ]),
  ]
}

function documentParts(body: Body<'context-item'>): readonly Part[] {
  const { dataSource, uri, origin, version, statedDigest, content } = body
  if (dataSource === 'prompt-template') {
    const text = textOf(content)
    const digest = text === undefined ? statedDigest : sha256(templateText(text))
    const name = origin ?? 'prompt template'
    return [['loaded', { kind: 'prompt-template', name, ...known({ version, digest }), details: { stated: 'by id' } }]]
  }
  const name = dataSource ?? hostOf(uri)
  return name === undefined ? [] : [['called', { kind: 'data-source', name, details: {} }]]
}

function identityParts({ plane, principal, gives }: Body<'api-call'>): readonly Part[] {
  const given = gives === undefined ? [] : [gives]
  return [principal, ...given].map((one): Part => [
    'called',
    {
      kind: 'identity',
      name: one.id,
      details: known({ plane, kind: one.kind, account: one.account, via: one.via[0] }),
    },
  ])
}

function endpointOf(name: string, details: Readonly<Record<string, string>>): Component {
  return { kind: 'endpoint', name: name.replace(/^https?:\/\//, '').replace(/\/.*$/, ''), details }
}

/** An interpreter is what runs an agent's code; any other program is an act of the agent and no part of it. */
function runtimeParts(body: Body<'process'>): readonly Part[] {
  if (body.action !== 'exec') return []
  const name = /(?:^|\/)(node|python|java|deno|bun|ruby|dotnet|php)(\d+(?:\.\d+)*)?$/.exec(body.binary)?.[1]
  return name === undefined ? [] : [['loaded', { kind: 'runtime', name, details: { path: body.binary } }]]
}

function hostOf(uri: string | undefined): string | undefined {
  return uri === undefined ? undefined : (/^[a-z][a-z0-9+.-]*:\/\/([^/?#]+)/i.exec(uri)?.[1] ?? uri.split('/')[0])
}

function textOf(content: Content): string | undefined {
  return content.state === 'captured' || content.state === 'redacted' ? content.text : undefined
}

function sha256(text: string): string {
  return hash('sha256', text, 'hex')
}

function known(details: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const entries = Object.entries(details).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  )
  return Object.fromEntries(entries)
}
