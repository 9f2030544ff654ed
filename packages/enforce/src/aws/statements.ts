import type { Permission } from './permissions.ts'
import type { IamStatement } from './policy-document.ts'

/** A statement and the permissions that it stands for: what its lines rest on. */
export type GroundedStatement = { readonly statement: IamStatement; readonly permissions: readonly Permission[] }

/** Characters of one statement's resources: two statements of that size fit into a policy. */
const RESOURCE_CHARS = 2_500
const ACTION_CHARS = 2_500

/**
 * Permissions of one service with the same resources and condition as one statement: no action is let on a resource that it
 * was not seen on. What is too long is cut into several. Sorted, so that the same uses give the same text.
 */
export function statementsOf(permissions: readonly Permission[]): readonly GroundedStatement[] {
  const groups = Map.groupBy(permissions, ({ action, resources, condition }) =>
    JSON.stringify([serviceOf(action), resources, condition ?? {}]),
  )
  const made = [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, some]) => {
      const sorted = some.toSorted((a, b) => (a.action < b.action ? -1 : 1))
      return chunks(sorted[0]?.resources ?? [], (one) => one.length + 3, RESOURCE_CHARS).flatMap((resources) =>
        chunks(sorted, ({ action }) => action.length + 3, ACTION_CHARS).map((part) => ({ resources, part })),
      )
    })
  return made.map(({ resources, part }, i): GroundedStatement => {
    const [first] = part
    const condition = first?.condition
    return {
      statement: {
        Sid: `${sidOf(first?.action ?? '')}${i + 1}`,
        Effect: 'Allow',
        Action: part.map(({ action }) => action),
        Resource: resources,
        ...(condition === undefined ? {} : { Condition: condition }),
      },
      permissions: part,
    }
  })
}

function serviceOf(action: string): string {
  return action.slice(0, Math.max(0, action.indexOf(':')))
}

/** `bedrock-agentcore:InvokeAgentRuntime` -> `BedrockAgentcore`: a Sid takes letters and digits. */
function sidOf(action: string): string {
  return serviceOf(action)
    .split(/[^a-zA-Z0-9]+/)
    .map((part) => `${part.slice(0, 1).toUpperCase()}${part.slice(1)}`)
    .join('')
}

/** Runs of the list of at most `most` characters each, at least one member long. */
export function chunks<T>(list: readonly T[], sizeOf: (one: T) => number, most: number): readonly (readonly T[])[] {
  const made: T[][] = []
  let size = 0
  for (const one of list) {
    const own = sizeOf(one)
    const last = made.at(-1)
    if (last === undefined || size + own > most) {
      made.push([one])
      size = own
    } else {
      last.push(one)
      size += own
    }
  }
  return made
}
