import type { Channel, Delivery, DeliveryResult } from '../channel.ts'
import { type ChannelFilter, passes } from '../channel-filter.ts'
import { listOf, memberOf, textOf } from '../http/member.ts'
import type { Outgoing } from '../http/outgoing.ts'
import { type NoticeText, noticeText } from '../text/notice-text.ts'
import { adfDocument, type AdfNode } from './adf.ts'
import { JiraApi } from './jira-api.ts'

export type JiraOptions = {
  readonly name: string
  readonly filter: ChannelFilter
  /** `https://your-site.atlassian.net`. */
  readonly site: string
  readonly email: string
  readonly token: string
  /** Key of a project, as `SEC`. */
  readonly project: string
  readonly issueType: string
  /** Name of the transition that ends an issue; absent: issues are commented on and left open. */
  readonly done?: string | undefined
  readonly outgoing: Pick<Outgoing, 'send'>
  readonly base: string
}

/** Bound of Jira on a summary. */
const SUMMARY = 255

/**
 * Jira: one issue for each list of tasks that a team gets, found again by its label; whatever else is told of the incident is
 * a comment on its issues, found again by its property. What is closed is moved where an operator said.
 */
export function jiraChannel(options: JiraOptions): Channel {
  const jira = new Project(options)
  return {
    name: options.name,
    type: 'jira',
    batch: 1,
    listens: (notice) => passes(options.filter, notice),
    deliver: (deliveries) => Promise.all(deliveries.map((delivery) => jira.deliver(delivery))),
  }
}

class Project {
  readonly #options: JiraOptions
  readonly #api: JiraApi

  constructor(options: JiraOptions) {
    this.#options = options
    this.#api = new JiraApi(options)
  }

  deliver(delivery: Delivery): Promise<DeliveryResult> {
    const issues = [...new Set(delivery.references)]
    const isTask = delivery.notice.kind === 'task-assigned'
    return isTask || delivery.notice.incident === '' || issues.length === 0
      ? this.#open(delivery)
      : this.#tellAll(delivery, issues)
  }

  async #open({ notice, key, attempt }: Delivery): Promise<DeliveryResult> {
    const label = `holdfast-${key}`
    const text = noticeText(notice, this.#options.base)
    if (attempt > 1) {
      const found = await this.#api.post('search/jql', {
        jql: `project = "${this.#options.project}" AND labels = "${label}"`,
        fields: ['labels'],
        maxResults: 1,
      })
      if (found.status === 'failed') return found.result
      const [issue] = listOf(found.body, 'issues')
      const known = textOf(issue, 'key')
      if (known !== undefined) return { status: 'delivered', detail: 'an earlier try had arrived', reference: known }
    }
    const made = await this.#api.post('issue', {
      fields: {
        project: { key: this.#options.project },
        issuetype: { name: this.#options.issueType },
        summary: summaryOf(text).slice(0, SUMMARY),
        labels: ['holdfast', ...(notice.incident === '' ? [] : [labelOf(notice.incident)]), label],
        description: documentOf(text, notice.incident),
      },
    })
    if (made.status === 'failed') return made.result
    const issue = textOf(made.body, 'key')
    return issue === undefined
      ? { status: 'retry', detail: 'Jira named no issue' }
      : { status: 'delivered', code: 201, detail: `issue ${issue.slice(0, 60)}`, reference: issue }
  }

  /** One comment on each, the same once; then the end, where it is one. */
  async #tellAll(delivery: Delivery, issues: readonly string[]): Promise<DeliveryResult> {
    for (const issue of issues) {
      const failed = (await this.#comment(delivery, issue)) ?? (await this.#end(delivery, issue))
      if (failed !== undefined) return failed
    }
    return { status: 'delivered', detail: `told on ${issues.length} issues` }
  }

  /** Undefined once it stands there. */
  async #comment({ notice, key, attempt }: Delivery, issue: string): Promise<DeliveryResult | undefined> {
    const path = `issue/${encodeURIComponent(issue)}/comment`
    if (attempt > 1) {
      const known = await this.#api.get(`${path}?orderBy=-created&maxResults=100&expand=properties`)
      if (known.status === 'failed') return known.result
      if (listOf(known.body, 'comments').some((comment) => keyOf(comment) === key)) return undefined
    }
    const text = noticeText(notice, this.#options.base)
    const added = await this.#api.post(path, {
      body: documentOf(text, notice.incident, text.title),
      properties: [{ key: PROPERTY, value: { key } }],
    })
    return added.status === 'failed' ? added.result : undefined
  }

  /** Moves an issue to its end; one that no such transition leads from is there, or was moved by somebody. */
  async #end({ notice }: Delivery, issue: string): Promise<DeliveryResult | undefined> {
    const { done } = this.#options
    if (notice.kind !== 'case-closed' || done === undefined) return undefined
    const path = `issue/${encodeURIComponent(issue)}/transitions`
    const known = await this.#api.get(path)
    if (known.status === 'failed') return known.result
    const transition = listOf(known.body, 'transitions').find((one) => textOf(one, 'name') === done)
    const id = textOf(transition, 'id')
    if (id === undefined) return undefined
    const moved = await this.#api.post(path, { transition: { id } })
    return moved.status === 'failed' ? moved.result : undefined
  }
}

const PROPERTY = 'holdfast.notice'

function summaryOf({ title, for: teams }: NoticeText): string {
  return teams.length === 0 ? title : `[${teams.join(', ')}] ${title}`
}

/** A label holds no space; an incident's id has none. */
function labelOf(incident: string): string {
  return incident.replaceAll(/[^A-Za-z0-9_.-]/g, '-').slice(0, 255)
}

function documentOf({ lines, link }: NoticeText, incident: string, title = ''): AdfNode {
  return adfDocument({
    paragraphs: [title, incident === '' ? '' : `Incident ${incident}`],
    items: lines,
    link,
  })
}

function keyOf(comment: unknown): string | undefined {
  const own = listOf(comment, 'properties').find((one) => memberOf(one, 'key') === PROPERTY)
  return textOf(memberOf(own, 'value'), 'key')
}
