import { AUTH_PLANES, type AuthPlane, type Grant, type GrantBinding, type Principal } from '@holdfast/model'
import { field, isJsonArray, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { agentNamed } from './document.ts'
import type { Declared } from './document.ts'
import { listOf, textsOf } from './iam-statement.ts'

/**
 * An agent's own statement of its authority (docs/authority.md): `{"holdfastAuthority": {"agent", "owner"?, "identities":
 * [{"plane", "principal", "from"?}], "needs": [{"plane", "actions", "resources"?}]}}`. `from` names what hands the identity
 * down: a node, a namespace, a project. `needs` gives nothing: it is what the agent says that it uses.
 */
export function readAgentAuthority(content: Json, name: string): Declared | undefined {
  const stated = field(content, 'holdfastAuthority')
  const agent = agentNamed(textField(stated, 'agent'))
  if (stated === undefined || agent === undefined) return undefined
  const owner = textField(stated, 'owner')
  const source = `needs of ${agent.id} (${name})`
  const grants = listOf(field(stated, 'needs')).flatMap((need, i): readonly Grant[] => {
    const resources = field(need, 'resources')
    return [
      {
        plane: planeOf(need),
        role: 'capability',
        effect: 'allow',
        actions: textsOf(field(need, 'actions')),
        ...(resources === undefined ? {} : { resources: textsOf(resources) }),
        conditions: {},
        source,
        statement: textField(need, 'why') ?? `need ${i + 1}`,
      },
    ]
  })
  const bindings = listOf(field(stated, 'identities')).flatMap((identity): readonly GrantBinding[] => {
    const principal = textField(identity, 'principal')
    const from = textField(identity, 'from')
    if (principal === undefined) return []
    const path = from === undefined ? ({ path: 'direct' } as const) : ({ path: 'inherited', ancestor: from } as const)
    return [
      { plane: planeOf(identity), subject: agent.id, subjectKind: 'holder', source: principal, as: 'become', ...path },
    ]
  })
  const facts = owner === undefined ? {} : { owner }
  return { format: 'agent-authority', agent, components: [], grants, bindings, facts }
}

function planeOf(part: Json): AuthPlane {
  return AUTH_PLANES.find((plane) => plane === textField(part, 'plane')) ?? 'saas'
}

/**
 * What an MCP client's configuration lets its agent call, as grants of `<server>/<tool>`: the permission rules of a
 * settings file (`mcp__server__tool`, other rules by their own name) and the lists that clients keep for each server. A
 * server without a list gives all of its tools.
 */
export function toolGrants(
  content: Json,
  { source, holder }: { readonly source: string; readonly holder: string },
): {
  readonly grants: readonly Grant[]
  readonly bindings: readonly GrantBinding[]
} {
  const rules = field(content, 'permissions')
  const shared = { plane: 'mcp', role: 'identity', conditions: {}, source } as const
  const ruled = (['allow', 'deny'] as const).flatMap((effect): readonly Grant[] => {
    const actions = textsOf(field(rules, effect)).map(toolOfRule)
    return actions.length === 0 ? [] : [{ ...shared, effect, actions, statement: `permissions.${effect}` }]
  })
  const servers = field(content, 'mcpServers', 'servers')
  const listed =
    servers === undefined || isJsonArray(servers) || typeof servers !== 'object'
      ? []
      : Object.entries(servers as Readonly<Record<string, Json>>)
  const ofServers = listed.flatMap(([server, config]) => serverGrants(server, config, shared))
  const grants = [...ruled, ...ofServers]
  const subjectKind: Principal['kind'] | 'holder' = 'holder'
  return {
    grants,
    bindings: grants.length === 0 ? [] : [{ plane: 'mcp', subject: holder, subjectKind, source, path: 'direct' }],
  }
}

type Shared = Pick<Grant, 'plane' | 'role' | 'conditions' | 'source'>

function serverGrants(server: string, config: Json, shared: Shared): readonly Grant[] {
  if (field(config, 'disabled') === true || field(config, 'enabled') === false) return []
  const only = field(config, 'includeTools', 'enabledTools', 'allowedTools', 'tools')
  const not = textsOf(field(config, 'excludeTools', 'disabledTools', 'blockedTools'))
  const named = isJsonArray(only) ? textsOf(only) : ['*']
  const tools = (names: readonly string[]): readonly string[] => names.map((tool) => `${server}/${tool}`)
  return [
    { ...shared, effect: 'allow', actions: tools(named), statement: `mcpServers.${server}` },
    ...(not.length === 0
      ? []
      : [{ ...shared, effect: 'deny' as const, actions: tools(not), statement: `mcpServers.${server} excluded` }]),
  ]
}

/** `mcp__github__create_issue` is `github/create_issue`, `mcp__github` all of it; `Bash(npm run:*)` is the tool `Bash`. */
function toolOfRule(rule: string): string {
  const name = rule.slice('mcp__'.length)
  if (rule.startsWith('mcp__') && name !== '') {
    const end = name.indexOf('__', 1)
    return end === -1 ? `${name}/*` : `${name.slice(0, end)}/${name.slice(end + 2) || '*'}`
  }
  return `-/${/^[^(]+/.exec(rule)?.[0] ?? rule}`
}
