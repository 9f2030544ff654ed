import type { SignInConfig } from '@holdfast/connectors'
import { ACCOUNT_ROLES, APPROVER_MARKS } from '@holdfast/model'
import type { Rights } from '../accounts/account.ts'

/**
 * What the values of a claim are mapped to: the strongest of their roles and all of their marks. Undefined where none of them
 * has a role: nobody has one by default (FC11).
 */
export function rightsOf(values: readonly string[], mapping: SignInConfig['roles']): Rights | undefined {
  const held = new Set(values)
  const given = mapping.filter(({ value }) => held.has(value))
  const role = ACCOUNT_ROLES.findLast((one) => given.some((entry) => entry.role === one))
  if (role === undefined) return undefined
  return { role, marks: APPROVER_MARKS.filter((mark) => given.some(({ as }) => as.includes(mark))) }
}
