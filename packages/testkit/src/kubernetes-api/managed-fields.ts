import type { Json, JsonObject, Path } from './json.ts'
import { at, isObject, isSame, withAt } from './json.ts'

/** Which fields a writer set. Apply and Update of one name are two writers, as in the real API. */
export type Writer = {
  readonly manager: string
  readonly operation: 'Apply' | 'Update'
  /** Paths as JSON text. */
  readonly fields: ReadonlySet<string>
}

export type Written =
  | { readonly status: 'written'; readonly object: JsonObject; readonly writers: readonly Writer[] }
  | { readonly status: 'conflict'; readonly message: string }

/** Objects that the API declares atomic: they are one field. */
const ATOMIC = new Set(['podSelector', 'namespaceSelector', 'selector', 'fieldsV1'])
/** Says which object is meant, not what is wanted of it. */
const IDENTITY = new Set(['apiVersion', 'kind', 'status'])
const IDENTITY_METADATA = new Set([
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'managedFields',
  'creationTimestamp',
])

/** Server-side apply: what the manager no longer states and nobody else owns goes away; what others own is a conflict. */
export function applyConfig(
  live: JsonObject,
  writers: readonly Writer[],
  {
    config,
    manager,
    force,
    apiVersion,
  }: {
    readonly config: JsonObject
    readonly manager: string
    readonly force: boolean
    readonly apiVersion: string
  },
): Written {
  const wanted = new Set(fieldsOf(config))
  const isMe = (writer: Writer) => writer.manager === manager && writer.operation === 'Apply'
  const mine = writers.find(isMe)?.fields ?? new Set<string>()
  const others = writers.filter((writer) => !isMe(writer))
  const contested = [...wanted].flatMap((field) => {
    const isChanged = !isSame(at(live, pathOf(field)), at(config, pathOf(field)))
    const owner = isChanged ? others.find(({ fields }) => fields.has(field)) : undefined
    return owner === undefined ? [] : [{ field, owner }]
  })
  if (contested.length > 0 && !force) {
    const told = contested.map(
      ({ field, owner }) => `conflict with "${owner.manager}" using ${apiVersion}: .${pathOf(field).join('.')}`,
    )
    return {
      status: 'conflict',
      message: `Apply failed with ${told.length} conflict${told.length > 1 ? 's' : ''}: ${told.join(', ')}`,
    }
  }
  const taken = new Set(contested.map(({ field }) => field))
  const left = others.map((writer) => ({ ...writer, fields: writer.fields.difference(taken) }))
  const dropped = [...mine].filter((field) => !wanted.has(field) && !left.some(({ fields }) => fields.has(field)))
  let object = live
  for (const field of dropped) object = without(object, pathOf(field))
  for (const field of wanted) object = withAt(object, pathOf(field), at(config, pathOf(field)))
  return {
    status: 'written',
    object,
    writers: [...left, { manager, operation: 'Apply' as const, fields: wanted }].filter(
      ({ fields }) => fields.size > 0,
    ),
  }
}

/** Any other write: who changes a field owns it alone from then on. */
export function ownChanges(
  before: JsonObject,
  after: JsonObject,
  { writers, manager }: { readonly writers: readonly Writer[]; readonly manager: string },
): readonly Writer[] {
  const [was, is] = [fieldsOf(before), fieldsOf(after)]
  const changed = new Set(is.filter((field) => !isSame(at(before, pathOf(field)), at(after, pathOf(field)))))
  const gone = new Set(was.filter((field) => at(after, pathOf(field)) === undefined))
  const isMe = (writer: Writer) => writer.manager === manager && writer.operation === 'Update'
  const mine = writers.find(isMe)?.fields ?? new Set<string>()
  return [
    ...writers
      .filter((writer) => !isMe(writer))
      .map((writer) => ({ ...writer, fields: writer.fields.difference(changed).difference(gone) })),
    { manager, operation: 'Update' as const, fields: mine.union(changed).difference(gone) },
  ].filter(({ fields }) => fields.size > 0)
}

/** As `metadata.managedFields` shows them. */
export function managedFieldsOf(writers: readonly Writer[], apiVersion: string): readonly JsonObject[] {
  return writers.map(({ manager, operation, fields }) => ({
    manager,
    operation,
    apiVersion,
    fieldsType: 'FieldsV1',
    fieldsV1: [...fields].reduce<JsonObject>(
      (tree, field) =>
        withAt(
          tree,
          pathOf(field).map((key) => `f:${key}`),
          {},
        ),
      {},
    ),
  }))
}

/** Paths of all leaves: lists and atomic objects are leaves. */
export function fieldsOf(value: JsonObject, prefix: Path = []): readonly string[] {
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = [...prefix, key]
    if (inner === undefined || isIdentity(path)) return []
    return isObject(inner) && !ATOMIC.has(key) ? fieldsOf(inner, path) : [JSON.stringify(path)]
  })
}

function isIdentity(path: Path): boolean {
  const [first = '', second = ''] = path
  if (path.length === 1) return IDENTITY.has(first)
  return path.length === 2 && first === 'metadata' && IDENTITY_METADATA.has(second)
}

function pathOf(field: string): Path {
  return JSON.parse(field) as Path // fieldsOf wrote it
}

/** Without a leaf, and without the maps that it leaves empty. */
function without(object: JsonObject, path: Path): JsonObject {
  const next = withAt(object, path, undefined)
  const parent = path.slice(0, -1)
  const isEmpty = (value: Json | undefined) => isObject(value) && Object.keys(value).length === 0
  return parent.length > 1 && isEmpty(at(next, parent)) ? without(next, parent) : next
}
