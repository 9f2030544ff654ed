import type { Part } from './split.ts'
import type { ScopeCategory, ScopeRow } from './scope-types.ts'
import type { Unit } from './units.ts'

/**
 * What to do about a part of a grant, and the statement that would be left of it: only what was used. `kept` are the parts
 * of the same statement that stay.
 */
export function remedyOf(category: ScopeCategory, unit: Unit, kept: readonly Part[]): ScopeRow['remedy'] {
  const { grant, path, ancestor } = unit.holding
  const at = `${grant.statement} of ${grant.source}`
  const left = kept.length === 0 ? undefined : statementOf(unit, kept)
  switch (category) {
    case 'unused-excess': {
      const where = path === 'inherited' ? ` at ${ancestor ?? 'the ancestor'}` : ''
      return left === undefined
        ? { text: `remove ${at}${where}: nothing of it was used` }
        : { text: `take ${unit.action} out of ${at}${where}: leave what was used`, statement: left }
    }
    case 'inherited-overreach': {
      const from = ancestor ?? grant.source
      return {
        text: `split the agent from ${from}: an identity of its own with what it needs, or narrow ${at} there`,
        ...(left === undefined ? {} : { statement: left }),
      }
    }
    case 'undeclared-use':
      return { text: 'declare it among the needs of the agent, or treat the use as drift' }
    case 'justified':
      return path === 'inherited'
        ? {
            text: 'grant it to the agent directly, so that a change to the ancestor cannot widen it',
            ...(left === undefined ? {} : { statement: left }),
          }
        : { text: 'nothing to do' }
    case 'in-scope-anomaly':
      return { text: 'the grant is right and its use has moved: look at it as drift' }
    case 'undetermined':
      return { text: `record the audit log of ${grant.plane} for the window, then ask again` }
    case 'without-effect':
      return { text: `it gives nothing now, and would once what stops it is gone: remove ${unit.action} from ${at}` }
  }
}

/** The tightened statement in the grammar of its plane, as JSON. */
function statementOf({ holding: { grant, principal } }: Unit, kept: readonly Part[]): string {
  const actions = [...new Set(kept.map(({ action }) => action))].toSorted()
  const resources = [...new Set(kept.flatMap((part) => part.resources))].toSorted()
  switch (grant.plane) {
    case 'kubernetes':
      return JSON.stringify(actions.map((action) => rbacRule(action, resources)))
    case 'gcp':
      return JSON.stringify({
        role: 'a custom role',
        includedPermissions: actions,
        members: [principal],
        on: resources,
      })
    case 'aws':
    case 'azure':
    case 'openai':
    case 'anthropic':
    case 'mcp':
    case 'saas': {
      const conditions = Object.keys(grant.conditions).length === 0 ? {} : { Condition: grant.conditions }
      return JSON.stringify({
        Sid: grant.statement,
        Effect: 'Allow',
        Action: actions,
        Resource: resources,
        ...conditions,
      })
    }
  }
}

function rbacRule(action: string, resources: readonly string[]): object {
  const [verb = '', object = ''] = action.split(' ')
  if (object.startsWith('/')) return { nonResourceURLs: [object], verbs: [verb] }
  const [named = '', sub] = object.split('/')
  const dot = named.indexOf('.')
  const group = dot === -1 ? '' : named.slice(dot + 1)
  const kind = dot === -1 ? named : named.slice(0, dot)
  const names = resources.map((resource) => resource.slice(resource.indexOf('/') + 1)).filter((name) => name !== '*')
  return {
    apiGroups: [group === 'core' ? '' : group],
    resources: [sub === undefined ? kind : `${kind}/${sub}`],
    verbs: [verb],
    ...(names.length === 0 || names.length < resources.length ? {} : { resourceNames: names }),
  }
}
