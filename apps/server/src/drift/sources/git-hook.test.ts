import { createHmac } from 'node:crypto'
import { normalise } from '@holdfast/capture'
import type { CapturePolicy, EntryGroup, Event, LogEntry } from '@holdfast/model'
import { expect, test } from 'vitest'
import type { GitHookConfig } from './config.ts'
import { GitHook } from './git-hook.ts'

const AGENT = 'k8s:prod/support/desk'
const SECRET = 'a shared secret'
const policy: CapturePolicy = { name: 'all', senders: 'all', content: 'kept', credentials: 'masked' }

function hookFor(host: GitHookConfig['host'], more: { readonly policy?: CapturePolicy | undefined } = { policy }) {
  const groups: EntryGroup[] = []
  const refused: string[] = []
  const senders: string[] = []
  const hook = new GitHook({
    hooks: [
      {
        name: 'acme',
        host,
        secret: { env: 'UNUSED' },
        key: SECRET,
        repositories: [{ repository: 'acme/desk', agent: AGENT, change: 'prompt-template', branch: 'main' }],
      },
    ],
    recorder: {
      append: async (given: readonly EntryGroup[]) => {
        groups.push(...given)
        return { stored: given.length, duplicates: 0 } as never // only this much is read
      },
    },
    gaps: {
      count: ({ detail, sender }) => {
        refused.push(detail)
        senders.push(sender)
      },
    },
    policy: () => more.policy,
  })
  const send = (call: object, headers: (body: Buffer) => Record<string, string>, name = 'acme') => {
    const body = Buffer.from(JSON.stringify(call))
    return hook.take({ name, headers: headers(body), body })
  }
  return { send, groups, refused, senders }
}

const hmac = (body: Buffer, secret = SECRET): string => createHmac('sha256', secret).update(body).digest('hex')
const byGithub = (body: Buffer) => ({ 'x-hub-signature-256': `sha256=${hmac(body)}` })

function changesIn(groups: readonly EntryGroup[]): readonly Event['body'][] {
  return groups.flatMap(({ envelope, bytes, starts, ends }) =>
    [...starts].flatMap((start, i) => {
      const body = bytes.subarray(start, ends[i])
      const entry = {
        index: 1,
        recordedAt: 1n,
        envelope,
        bodyDigest: '0'.repeat(64),
        body,
        masks: [],
      } as unknown as LogEntry // ids are of their form
      return normalise(entry).events.map((event) => event.body)
    }),
  )
}

const merged = (more: object = {}) => ({
  action: 'closed',
  repository: { full_name: 'acme/desk' },
  pull_request: {
    number: 12,
    merged: true,
    merged_at: '2026-03-02T09:00:00Z',
    merge_commit_sha: 'c0ffee',
    base: { ref: 'main' },
    user: { login: 'd.lang' },
    merged_by: { login: 'k.osei' },
    ...more,
  },
})

test('a signed merge is on record as the change that the operator says it is, with who wrote and who merged it', async () => {
  const { send, groups } = hookFor('github')
  expect(await send(merged(), byGithub)).toEqual({ recorded: 1 })
  expect(groups[0]?.envelope).toMatchObject({
    channel: 'change',
    tier: 'provider',
    agent: AGENT,
    credential: 'git:acme',
  })
  expect(changesIn(groups)).toEqual([
    {
      kind: 'change',
      change: 'prompt-template',
      subject: 'acme/desk main',
      to: 'c0ffee',
      changeId: 'acme/desk#12',
      author: 'd.lang',
      approver: 'k.osei',
    },
  ])
})

test('who merges their own has approved nothing, and a push has nobody who did', async () => {
  const { send, groups } = hookFor('gitea')
  const signed = (body: Buffer) => ({ 'x-gitea-signature': hmac(body) })
  await send(merged({ merged_by: { login: 'd.lang' } }), signed)
  const push = {
    ref: 'refs/heads/main',
    before: 'a1',
    after: 'b2',
    repository: { full_name: 'acme/desk' },
    pusher: { login: 'd.lang' },
    head_commit: { timestamp: '2026-03-02T09:00:00Z' },
  }
  await send(push, signed)
  const changes = changesIn(groups)
  expect(changes.map((body) => body.kind === 'change' && [body.author, body.approver])).toEqual([
    ['d.lang', undefined],
    ['d.lang', undefined],
  ])
})

test('a merge request of GitLab is known by its token', async () => {
  const { send, groups, refused } = hookFor('gitlab')
  const call = {
    object_kind: 'merge_request',
    user: { id: 2, username: 'k.osei' },
    project: { path_with_namespace: 'acme/desk' },
    object_attributes: {
      iid: 7,
      author_id: 1,
      action: 'merge',
      target_branch: 'main',
      updated_at: '2026-03-02 09:00:00 UTC',
      merge_commit_sha: 'c0ffee',
      last_commit: { author: { name: 'd.lang' } },
    },
  }
  await send(call, () => ({ 'x-gitlab-token': SECRET }))
  expect(changesIn(groups)).toMatchObject([
    { change: 'prompt-template', changeId: 'acme/desk!7', author: 'd.lang', approver: 'k.osei' },
  ])
  // Their own, whatever name their commits bear, and one of whom the host does not say who opened it.
  for (const author of [2, undefined]) {
    groups.length = 0
    const own = { ...call, object_attributes: { ...call.object_attributes, author_id: author } }
    await send(own, () => ({ 'x-gitlab-token': SECRET }))
    expect(changesIn(groups)).toMatchObject([{ author: 'd.lang' }])
    expect(changesIn(groups)[0]).not.toHaveProperty('approver')
  }
  await expect(send(call, () => ({ 'x-gitlab-token': 'guess' }))).rejects.toMatchObject({ status: 401 })
  expect(refused).toHaveLength(1)
})

test('what is not signed, signed with another secret, or altered after it was signed is refused and counted', async () => {
  const { send, groups, refused, senders } = hookFor('github')
  const wrong: readonly ((body: Buffer) => Record<string, string>)[] = [
    () => ({}),
    (body) => ({ 'x-hub-signature-256': `sha256=${hmac(body, 'another')}` }),
    (body) => ({ 'x-hub-signature-256': `sha256=${hmac(Buffer.concat([body, Buffer.from(' ')]))}` }),
    (body) => ({ 'x-hub-signature': `sha1=${hmac(body)}` }),
  ]
  for (const headers of wrong) await expect(send(merged(), headers)).rejects.toMatchObject({ status: 401 })
  await expect(send(merged(), byGithub, 'unknown')).rejects.toMatchObject({ status: 401 })
  expect(refused).toHaveLength(5)
  expect(senders.at(-1)).toBe('git, no configured name')
  expect(groups).toEqual([])
})

test('other branches, other repositories and what is closed without a merge change no agent', async () => {
  const { send, groups, refused } = hookFor('github')
  expect(await send(merged({ base: { ref: 'next' } }), byGithub)).toEqual({ recorded: 0 })
  expect(await send({ ...merged(), repository: { full_name: 'acme/other' } }, byGithub)).toEqual({ recorded: 0 })
  await send(merged({ merged: false }), byGithub)
  expect(changesIn(groups).filter(({ kind }) => kind === 'change')).toEqual([])
  expect(refused).toEqual([])
})

test('without a capture policy nothing is stored (FC15)', async () => {
  const { send, groups, refused } = hookFor('github', { policy: undefined })
  await expect(send(merged(), byGithub)).rejects.toMatchObject({ status: 409 })
  expect([groups, refused]).toEqual([[], ['no capture policy']])
})
