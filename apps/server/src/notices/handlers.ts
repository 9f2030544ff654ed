import type { NoticeWire } from '@holdfast/api'
import type { Handlers, HandlerSources } from '../http/handlers.ts'
import { HttpError } from '../http/problem.ts'
import { namesAsked } from '../incidents/names-asked.ts'
import type { DeliveryState, KeptNotice } from './kept-notices.ts'

type NoticeRoute = 'listNotices' | 'replayNotice' | 'listChannels' | 'testChannel'

const PAGE = 100

/** The routes of notices and channels. */
export function noticeHandlers({
  notices,
  views,
}: Pick<HandlerSources, 'notices' | 'views'>): Pick<Handlers, NoticeRoute> {
  return {
    listNotices: async ({ query }) => {
      const { incident, status, limit = PAGE } = query
      const names = await namesAsked(views, incident)
      const list = notices.list()
      const found = list.notices.filter(
        ({ notice, deliveries }) =>
          (names?.has(notice.incident) ?? true) &&
          (status === undefined || [...deliveries.values()].some((one) => one.status === status)),
      )
      return { items: found.slice(0, limit).map(noticeWire), total: found.length, older: list.older }
    },
    replayNotice: async ({ params, body, caller }) =>
      noticeWire(await notices.replay(params.notice, { channel: body.channel, by: caller.name })),
    listChannels: async () => ({ items: [...notices.channels()] }),
    testChannel: async ({ params, caller }) => {
      const state = await notices.test(params.channel, caller.name)
      if (state === undefined) throw new HttpError(503, 'the test is recorded and could not be tried yet')
      return deliveryWire(state)
    },
  }
}

function noticeWire({ notice, entry, deliveries }: KeptNotice): NoticeWire {
  const { id, kind, incident, severity, title, lines, plan, at } = notice
  return {
    id,
    kind,
    incident,
    severity,
    title,
    lines: [...lines],
    for: [...notice.for],
    ...(plan === undefined ? {} : { plan }),
    at: at.toString(),
    entry,
    deliveries: [...deliveries.values()].map(deliveryWire),
  }
}

function deliveryWire({
  channel,
  status,
  attempts,
  nextTryAt,
  code,
  detail,
  reference,
}: DeliveryState): NoticeWire['deliveries'][number] {
  return {
    channel,
    status,
    attempts,
    ...(nextTryAt === undefined ? {} : { nextTryAt: nextTryAt.toString() }),
    ...(code === undefined ? {} : { code }),
    ...(detail === undefined ? {} : { detail }),
    ...(reference === undefined ? {} : { reference }),
  }
}
