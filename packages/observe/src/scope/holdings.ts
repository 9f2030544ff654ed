import type { Grant, GrantBinding } from '@holdfast/model'
import { MAX_STEPS } from './limits.ts'
import { covers } from './pattern.ts'
import { namesOf, principalName } from './principal-name.ts'
import type { ActsAs, ScopeInput, Source, StatedBinding, StatedGrant } from './scope-types.ts'

/** One statement as it reaches one of the agent's principals. */
export type Holding = {
  readonly principal: string
  readonly grant: Grant
  readonly source: Source
  readonly path: 'direct' | 'inherited'
  readonly ancestor?: string
  readonly via: readonly string[]
  readonly scope?: readonly string[]
  /** Of the statement and of every binding on the way. */
  readonly conditions: readonly Grant['conditions'][]
}

/** What may limit a principal: every list must let a thing, or it is not let. */
export type Limit = { readonly name: string; readonly grants: readonly StatedGrant[] }

export type Holdings = {
  readonly held: readonly Holding[]
  /** Principal -> its limits. */
  readonly limits: ReadonlyMap<string, readonly Limit[]>
  /** Every principal that the agent can be, by its one name; its uses are the agent's. */
  readonly principals: ReadonlySet<string>
  readonly unresolved: readonly { readonly name: string; readonly via: readonly string[]; readonly source: Source }[]
}

/**
 * Follows every binding from the agent's principals to the statements that they hold: policies, groups, aggregated roles,
 * and other identities that they may become. The nearer way to a statement is the one that counts.
 */
export function holdingsOf(input: Pick<ScopeInput, 'actsAs' | 'grants' | 'bindings'>): Holdings {
  const walk = new Walk(input)
  // Direct ways first, so that what is held both ways is held directly.
  for (const path of ['direct', 'inherited'] as const)
    for (const acts of input.actsAs) if (acts.path === path) walk.from(acts)
  return walk
}

type Place = {
  readonly principal: string
  readonly name: string
  readonly path: 'direct' | 'inherited'
  readonly ancestor?: string
  readonly via: readonly string[]
  readonly scope?: readonly string[]
  readonly conditions: readonly Grant['conditions'][]
}

class Walk {
  readonly held: Holding[] = []
  readonly limits = new Map<string, Limit[]>()
  readonly principals = new Set<string>()
  readonly unresolved: { name: string; via: readonly string[]; source: Source }[] = []
  readonly #grants: ReadonlyMap<string, readonly StatedGrant[]>
  readonly #bindings: ReadonlyMap<string, readonly StatedBinding[]>
  readonly #seen = new Set<string>()
  readonly #missing = new Set<string>()

  constructor({ grants, bindings }: Pick<ScopeInput, 'grants' | 'bindings'>) {
    this.#grants = Map.groupBy(grants, ({ grant }) => principalName(grant.source))
    this.#bindings = Map.groupBy(bindings, ({ binding }) => principalName(binding.subject))
  }

  from({ principal, path, ancestor }: ActsAs): void {
    const name = principalName(principal)
    this.principals.add(name)
    const start = {
      principal: name,
      name,
      path,
      via: [principal],
      conditions: [],
      ...(ancestor === undefined ? {} : { ancestor }),
    }
    const queue: Place[] = [start]
    for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
      const key = JSON.stringify([at.principal, at.name, at.path, at.scope])
      if (this.#seen.has(key) || at.via.length > MAX_STEPS) continue
      this.#seen.add(key)
      queue.push(...this.#step(at))
      // Direct ways before inherited ones, as above.
      queue.sort((a, b) => Number(a.path === 'inherited') - Number(b.path === 'inherited'))
    }
  }

  #step(at: Place): readonly Place[] {
    const isPrincipal = at.name === at.principal
    const names = isPrincipal ? namesOf(at.name) : [{ name: at.name }]
    const next: Place[] = []
    for (const { name, ancestor } of [...names, ...(isPrincipal ? this.#aboveAccount(at.name) : [])])
      for (const stated of this.#bindings.get(name) ?? []) next.push(...this.#follow(at, stated, ancestor))
    return next
  }

  #follow(at: Place, { binding, source }: StatedBinding, group: string | undefined): readonly Place[] {
    const target = principalName(binding.source)
    const via = [...at.via, binding.source]
    if (binding.as === 'boundary' || binding.as === 'scp') {
      this.#limit(at.principal, binding, { target, via, source })
      return []
    }
    // An account that is named lets its own policies decide: it gives nothing by itself.
    const isAccount = binding.subject.endsWith(':root')
    if (isAccount && !(binding.as === 'become' && this.#mayAssume(at.principal, binding.source))) return []
    const isInherited = at.path === 'inherited' || binding.path === 'inherited' || group !== undefined
    const ancestor = at.ancestor ?? binding.ancestor ?? group
    const reached: Place = {
      principal: binding.as === 'become' ? target : at.principal,
      name: target,
      via,
      ...(isInherited ? { path: 'inherited', ancestor: ancestor ?? binding.subject } : { path: 'direct' }),
      ...scopeOf(at.scope, binding.scope),
      conditions: binding.conditions === undefined ? at.conditions : [...at.conditions, binding.conditions],
    }
    if (binding.as === 'become') this.principals.add(target)
    else this.#hold(reached, source)
    return [reached]
  }

  #hold(at: Place, source: Source): void {
    const grants = this.#named(at.name)
    if (grants === undefined) {
      if (!this.#bindings.has(at.name) && !this.#missing.has(at.name)) {
        this.#missing.add(at.name)
        this.unresolved.push({ name: at.via.at(-1) ?? at.name, via: at.via, source })
      }
      return
    }
    for (const stated of grants) {
      if (stated.grant.role !== 'identity' && stated.grant.role !== 'resource' && stated.grant.role !== 'session')
        continue
      this.held.push({
        ...at,
        grant: stated.grant,
        source: stated.source,
        conditions: [...at.conditions, stated.grant.conditions],
      })
    }
  }

  #limit(
    principal: string,
    binding: GrantBinding,
    found: { readonly target: string; readonly via: readonly string[]; readonly source: Source },
  ): void {
    const grants = this.#named(found.target)
    if (grants === undefined) {
      this.unresolved.push({ name: binding.source, via: found.via, source: found.source })
      return
    }
    const known = this.limits.get(principal) ?? []
    // Policies on one target let together what any of them lets; targets and boundaries limit each other.
    const name = binding.as === 'scp' ? `service control policies of ${binding.subject}` : `boundary ${binding.source}`
    const same = known.find((limit) => limit.name === name)
    const others = known.filter((limit) => limit !== same)
    if (same?.grants.includes(grants[0] as StatedGrant) === true) return // a list of a group is never empty
    this.limits.set(principal, [...others, { name, grants: [...(same?.grants ?? []), ...grants] }])
  }

  /** Statements by their source, or by the last part of its name where a bare document was called by its file. */
  #named(name: string): readonly StatedGrant[] | undefined {
    return (
      this.#grants.get(name) ??
      (name.includes(':policy/') ? this.#grants.get(name.slice(name.lastIndexOf('/') + 1)) : undefined)
    )
  }

  /** Above an AWS principal: its account, everyone, and the roots of organisations, to which limits and trust are bound. */
  #aboveAccount(name: string): readonly { readonly name: string; readonly ancestor?: string }[] {
    const parts = /^arn:([^:]+):(?:iam|sts)::(\d{12}):/.exec(name)
    if (parts === null) return []
    const roots = [...this.#bindings.keys()].filter((subject) => /^r-[a-z0-9]{4,32}$/.test(subject))
    return [
      { name: parts[2] ?? '' },
      { name: `arn:${parts[1]}:iam::${parts[2]}:root`, ancestor: `account ${parts[2]}` },
      { name: '*', ancestor: 'everyone' },
      ...roots.map((root) => ({ name: root })),
    ]
  }

  #mayAssume(principal: string, role: string): boolean {
    return this.held.some(
      ({ grant, principal: holder }) =>
        holder === principal &&
        grant.effect === 'allow' &&
        (grant.actions ?? []).some((action) => covers('aws', 'action', action, 'sts:AssumeRole')) &&
        (grant.resources ?? []).some((resource) => covers('aws', 'resource', resource, role)),
    )
  }
}

function scopeOf(
  one: readonly string[] | undefined,
  other: readonly string[] | undefined,
): { readonly scope?: readonly string[] } {
  const scope = other ?? one
  return scope === undefined ? {} : { scope }
}
