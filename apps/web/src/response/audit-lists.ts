import type { Answer, Body } from '@holdfast/api'

type Audits = Answer<'getIncidentAudit'>
export type AuditName = Body<'markAudit'>['audit']
export type Verdict = Body<'markAudit'>['verdict']

/** One row of an audit in words. `name` is captured text. */
export type AuditRow = {
  readonly key: string
  readonly name: string
  readonly words: string
  readonly entries: readonly number[]
  /** What was read, where the row is about such a thing: who else read it has a page. */
  readonly read?: { readonly document: string } | { readonly tool: string } | undefined
  readonly isOpen: boolean
  readonly mark?: { readonly verdict: string; readonly by: string } | undefined
}

export type AuditList = {
  readonly audit: AuditName
  readonly title: string
  readonly rows: readonly AuditRow[]
  readonly open: number
}

type Row = { readonly key: string; readonly isOpen: boolean; readonly mark?: AuditRow['mark'] }

/** The audits that an incident has, each with its rows in words. */
export function auditLists(audits: Audits): readonly AuditList[] {
  const { siblings, channels, descriptions, reach, principals, receivers, holders, credentials } = audits
  const lists: readonly (AuditList | undefined)[] = [
    listOf(
      'sibling',
      'Items of the same origin',
      siblings,
      ({ source, id, version, isTainted, because, copies, isQuarantined, notWithheld }) => ({
        name: `${id}${version === undefined ? '' : ` ${version}`} of ${source}`,
        words: `${isTainted ? 'tainted' : because}${isQuarantined ? ', in quarantine' : ''}${
          notWithheld === undefined ? '' : `, not withheld: ${notWithheld}`
        }`,
        entries: copies,
        read: { document: id },
      }),
    ),
    listOf('gate', 'Channels and the gates on them', channels, ({ channel, texts, broughtTaint, gates, entries }) => ({
      name: channel,
      words: `${texts} texts${broughtTaint ? ', brought the taint' : ''}; ${
        gates.length === 0
          ? 'no gate'
          : gates.map(({ name, hasResult }) => `${name}${hasResult ? '' : ' (silent)'}`).join(', ')
      }`,
      entries,
    })),
    listOf('description', 'Tool catalogue', descriptions, ({ server, tool, state, author, changeId, entry }) => ({
      name: `${tool} of ${server}`,
      words: `${state}${author === undefined ? '' : `, by ${author}`}${changeId === undefined ? '' : ` (${changeId})`}`,
      entries: entry === undefined ? [] : [entry],
      read: { tool },
    })),
    reach === undefined
      ? undefined
      : listOf('reach', 'In reach of the escape', reach, ({ kind, name, isSignal, entries }) => ({
          name,
          words: `${kind}${isSignal ? ', speaks of the escape' : ''}`,
          entries,
        })),
    listOf(
      'principal',
      'Identities and the paths that allowed it',
      principals,
      ({ principal, isMisused, paths, unexplained }) => ({
        name: principal,
        words: `${isMisused ? 'misused' : 'used'}; ${paths.length} paths, ${unexplained.length} acts that none explains`,
        entries: paths.map(({ entry }) => entry),
      }),
    ),
    listOf('receiver', 'Receivers that the sweep could not decide', receivers, ({ receiver, words, entries }) => ({
      name: receiver,
      words,
      entries,
    })),
    holders === undefined
      ? undefined
      : listOf('holder', 'Others that hold the misused path', holders, ({ holder, principal }) => ({
          name: holder,
          words: `as ${principal}`,
          entries: [],
        })),
    listOf('credential', 'Credentials', credentials, ({ principal, credential, state, words, entries }) => ({
      name: `${credential} of ${principal}`,
      words: `${state}: ${words}`,
      entries,
    })),
  ]
  return lists.filter((list) => list !== undefined).filter(({ rows }) => rows.length > 0)
}

function listOf<R extends Row>(
  audit: AuditName,
  title: string,
  { rows, open }: { readonly rows: readonly R[]; readonly open: number },
  say: (row: R) => Pick<AuditRow, 'name' | 'words' | 'entries' | 'read'>,
): AuditList {
  return {
    audit,
    title,
    open,
    rows: rows.map((row) => ({ key: row.key, isOpen: row.isOpen, mark: row.mark, ...say(row) })),
  }
}
