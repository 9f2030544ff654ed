import { isSyscallName } from '@holdfast/model'
import { reduceDocker, type Machine } from './docker-profile.ts'
import {
  SECCOMP_ACTIONS,
  SECCOMP_ARCHITECTURES,
  SECCOMP_FLAGS,
  SECCOMP_OPERATORS,
  type SeccompAction,
  type SeccompArgument,
  type SeccompProfile,
  type SeccompRule,
} from './profile.ts'

/** What is wrong with a profile, in words for who wrote it. */
export class ProfileFault extends Error {
  override readonly name = 'ProfileFault'
}

type Fields = Readonly<Record<string, unknown>>

/**
 * Reads a profile in the form of the OCI specification or of Docker, which is reduced to what holds on `machine`.
 * Untrusted text. Throws {@link ProfileFault}: what is not understood must not be applied in part.
 */
export function parseProfile(text: string, machine: Machine): SeccompProfile {
  const given = fieldsOf(parseJson(text), 'the profile')
  if ('linux' in given) throw new ProfileFault('this is a whole configuration: give its linux.seccomp object')
  if ('listenerPath' in given || 'listenerMetadata' in given)
    throw new ProfileFault('listenerPath: nobody listens to a program that is run here')
  const isDocker = 'archMap' in given
  only(given, 'the profile', [
    'defaultAction',
    'defaultErrnoRet',
    'architectures',
    'flags',
    'syscalls',
    ...(isDocker ? ['archMap'] : []),
  ])
  const rules = listOf(given['syscalls'] ?? [], 'syscalls').map((rule, at) => fieldsOf(rule, `syscalls[${at}]`))
  const reduced = reduceDocker({ archMap: given['archMap'], rules, machine, fault: faultAt })
  const architectures = given['architectures'] ?? reduced.architectures
  return {
    defaultAction: actionOf(given['defaultAction'], 'defaultAction'),
    ...errnoOf(given['defaultErrnoRet'], 'defaultErrnoRet'),
    ...(architectures === undefined
      ? {}
      : { architectures: wordsOf(architectures, 'architectures', SECCOMP_ARCHITECTURES) }),
    ...(given['flags'] === undefined ? {} : { flags: wordsOf(given['flags'], 'flags', SECCOMP_FLAGS) }),
    syscalls: reduced.rules.map(({ rule, at }) => ruleOf(rule, `syscalls[${at}]`)),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw new ProfileFault(`this is no JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function ruleOf(rule: Fields, where: string): SeccompRule {
  const names = listOf(rule['names'] ?? (rule['name'] === undefined ? [] : [rule['name']]), `${where}.names`)
  if (names.length === 0) faultAt(where, 'names no system call')
  const { args } = rule
  return {
    names: names.map((name) => {
      if (typeof name !== 'string' || !isSyscallName(name))
        faultAt(where, `${JSON.stringify(name)} is no system call, as libseccomp names them`)
      return name
    }),
    action: actionOf(rule['action'], `${where}.action`),
    ...errnoOf(rule['errnoRet'], `${where}.errnoRet`),
    // Docker writes null where there are none.
    ...(args === undefined || args === null
      ? {}
      : { args: listOf(args, `${where}.args`).map((one, at) => argumentOf(one, `${where}.args[${at}]`)) }),
  }
}

function argumentOf(given: unknown, where: string): SeccompArgument {
  const fields = fieldsOf(given, where)
  only(fields, where, ['index', 'value', 'valueTwo', 'op'])
  const { op, valueTwo } = fields
  if (typeof op !== 'string' || !SECCOMP_OPERATORS.some((known) => known === op))
    faultAt(where, `op ${JSON.stringify(op)} is none of ${SECCOMP_OPERATORS.join(', ')}`)
  return {
    index: numberOf(fields['index'], `${where}.index`, 5),
    value: numberOf(fields['value'], `${where}.value`, Number.MAX_SAFE_INTEGER),
    ...(valueTwo === undefined ? {} : { valueTwo: numberOf(valueTwo, `${where}.valueTwo`, Number.MAX_SAFE_INTEGER) }),
    op,
  }
}

function actionOf(given: unknown, where: string): SeccompAction {
  const action = SECCOMP_ACTIONS.find((known) => known === given)
  if (action !== undefined) return action
  if (given === 'SCMP_ACT_NOTIFY') return faultAt(where, 'SCMP_ACT_NOTIFY needs somebody who answers, and nobody would')
  return faultAt(where, `${JSON.stringify(given)} is none of ${SECCOMP_ACTIONS.join(', ')}`)
}

/** The number goes to a field of the same name. */
function errnoOf(given: unknown, where: string): { readonly errnoRet?: number; readonly defaultErrnoRet?: number } {
  if (given === undefined || given === null) return {}
  const errno = numberOf(given, where, MAX_ERRNO)
  return where === 'defaultErrnoRet' ? { defaultErrnoRet: errno } : { errnoRet: errno }
}

const MAX_ERRNO = 4095

function numberOf(given: unknown, where: string, most: number): number {
  if (typeof given !== 'number' || !Number.isInteger(given) || given < 0 || given > most)
    faultAt(where, `${JSON.stringify(given)} is no whole number from 0 to ${most}`)
  return given
}

function wordsOf(given: unknown, where: string, known: readonly string[]): readonly string[] {
  return listOf(given, where).map((word) => {
    if (typeof word !== 'string' || !known.includes(word))
      faultAt(where, `${JSON.stringify(word)} is none of ${known.join(', ')}`)
    return word
  })
}

function listOf(given: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(given)) faultAt(where, 'is no list')
  return given
}

function fieldsOf(given: unknown, where: string): Fields {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) faultAt(where, 'is no object')
  return given as Fields // an object that came out of JSON
}

/** A misspelled field would be a rule that nobody applies. */
function only(fields: Fields, where: string, known: readonly string[]): void {
  for (const name of Object.keys(fields))
    if (!known.includes(name))
      faultAt(where, `has a field ${JSON.stringify(name)}, which is none of ${known.join(', ')}`)
}

function faultAt(where: string, what: string): never {
  throw new ProfileFault(`${where}: ${what}`)
}
