import { field, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { timeStated } from './stated-change.ts'
import type { ChangeReading, StatedChange } from './stated-change.ts'

/**
 * A push or a merged pull request as GitHub, Gitea and GitLab tell their webhooks, read as a change of the kind that an operator
 * says such a merge is: by itself it changes a repository and no agent. Who merges what another wrote has approved it; who
 * merges their own has not.
 */
export function readGitMerge(json: Json, kind: StatedChange['change']): ChangeReading | undefined {
  return readPullRequest(json, kind) ?? readMergeRequest(json, kind) ?? readPush(json, kind)
}

function readPullRequest(json: Json, kind: StatedChange['change']): ChangeReading | undefined {
  const request = field(json, 'pull_request')
  const repository = textField(field(json, 'repository'), 'full_name')
  if (request === undefined || repository === undefined) return undefined
  const isMerged = field(request, 'merged') === true && textField(json, 'action') === 'closed'
  const sha = textField(request, 'merge_commit_sha')
  return reading('git', textField(request, 'merged_at'), {
    isChange: isMerged,
    change: {
      change: kind,
      subject: `${repository} ${textField(field(request, 'base'), 'ref') ?? ''}`.trim(),
      ...(sha === undefined ? {} : { to: sha }),
      changeId: `${repository}#${numberText(field(request, 'number')) ?? '?'}`,
      ...people(login(field(request, 'user')), login(field(request, 'merged_by'))),
    },
  })
}

function readMergeRequest(json: Json, kind: StatedChange['change']): ChangeReading | undefined {
  const request = field(json, 'object_attributes')
  const repository = textField(field(json, 'project'), 'path_with_namespace')
  if (textField(json, 'object_kind') !== 'merge_request' || request === undefined || repository === undefined)
    return undefined
  const sha = textField(request, 'merge_commit_sha')
  const author = textField(field(field(request, 'last_commit'), 'author'), 'name')
  // A commit's author is whatever its writer configured: only the host's own ids tell one who merges from one who wrote.
  const [opener, merger] = [numberText(field(request, 'author_id')), numberText(field(field(json, 'user'), 'id'))]
  const isOther = opener !== undefined && merger !== undefined && opener !== merger
  return reading('gitlab', gitlabTime(textField(request, 'updated_at')), {
    isChange: textField(request, 'action') === 'merge',
    change: {
      change: kind,
      subject: `${repository} ${textField(request, 'target_branch') ?? ''}`.trim(),
      ...(sha === undefined ? {} : { to: sha }),
      changeId: `${repository}!${numberText(field(request, 'iid')) ?? '?'}`,
      ...people(author, isOther ? textField(field(json, 'user'), 'username') : undefined),
    },
  })
}

/**
 * A push has nobody who approved it, and its commits say when they were written, as whoever wrote them pleases: its time is the
 * host's own word (GitHub), or none, and then it is when it was received.
 */
function readPush(json: Json, kind: StatedChange['change']): ChangeReading | undefined {
  const ref = textField(json, 'ref')
  const to = textField(json, 'after')
  const repository =
    textField(field(json, 'repository'), 'full_name') ?? textField(field(json, 'project'), 'path_with_namespace')
  if (ref === undefined || to === undefined || repository === undefined) return undefined
  const from = textField(json, 'before')
  const author =
    textField(field(json, 'pusher'), 'name') ?? login(field(json, 'pusher')) ?? textField(json, 'user_username')
  return reading('git', secondsText(field(field(json, 'repository'), 'pushed_at')), {
    isChange: ref.startsWith('refs/heads/') && !/^0+$/.test(to),
    change: {
      change: kind,
      subject: `${repository} ${ref.replace('refs/heads/', '')}`,
      to,
      ...(from === undefined ? {} : { from }),
      changeId: `${repository}@${to}`,
      ...(author === undefined ? {} : { author }),
    },
  })
}

function reading(
  dialect: string,
  at: string | undefined,
  { isChange, change }: { readonly isChange: boolean; readonly change: StatedChange },
): ChangeReading {
  return { dialect, tier: 'provider', at: timeStated(at), agent: undefined, changes: isChange ? [change] : [] }
}

function people(
  author: string | undefined,
  merger: string | undefined,
): { readonly author?: string; readonly approver?: string } {
  return {
    ...(author === undefined ? {} : { author }),
    ...(merger === undefined || merger === author ? {} : { approver: merger }),
  }
}

function login(user: Json | undefined): string | undefined {
  return textField(user, 'login') ?? textField(user, 'username')
}

/** GitLab writes `2021-04-28 21:50:00 UTC` beside RFC 3339. */
function gitlabTime(text: string | undefined): string | undefined {
  return text?.replace(/^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC$/, '$1T$2Z')
}

function numberText(value: Json | undefined): string | undefined {
  return typeof value === 'number' || typeof value === 'bigint' ? `${value}` : undefined
}

/** Seconds since 1970, a number, as RFC 3339. */
function secondsText(value: Json | undefined): string | undefined {
  const seconds = typeof value === 'number' || typeof value === 'bigint' ? Number(value) : Number.NaN
  return seconds > 0 && seconds < LAST_SECOND ? new Date(seconds * 1_000).toISOString() : undefined
}

/** The year 2200: nanoseconds still fit 64 bits. */
const LAST_SECOND = 7_258_118_400
