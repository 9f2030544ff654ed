import type { NoticeKind } from '@holdfast/respond'
import type { Channel } from './channel.ts'
import type { ChannelFilter, Severity } from './channel-filter.ts'
import type { ChannelConfig, SecretPlace } from './channels-config.ts'
import { Outgoing } from './http/outgoing.ts'
import { jiraChannel } from './jira/jira.ts'
import { pagerDutyChannel } from './pagerduty/pagerduty.ts'
import { collectorChannel } from './siem/collector.ts'
import { syslogChannel } from './siem/syslog.ts'
import { slackChannel } from './slack/slack.ts'
import { parseWebhookSecret } from './webhook/signature.ts'
import { webhookChannel } from './webhook/webhook.ts'

/** What channels need of the machine that they run on. */
export type ChannelHost = {
  /** Reads a secret; throws an Error that names the place and never the secret. */
  readonly secret: (place: SecretPlace) => string
  /** Reads a file of certificates, as PEM. */
  readonly certificates: (file: string) => string
  /** Address of the workspace, without a slash at its end. */
  readonly base: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly hostname: string
  readonly version: string
}

/** Makes a channel as it is configured. Nothing is contacted. Throws an Error for a secret that cannot be read or is none. */
export function openChannel(config: ChannelConfig, host: ChannelHost): Channel {
  const { secret, base, version } = host
  const ca = config.ca === undefined ? {} : { ca: host.certificates(config.ca) }
  const own = {
    name: config.name,
    filter: filterOf(config),
    outgoing: new Outgoing({ allow: config.allow, ...ca }),
    base,
  }
  switch (config.type) {
    case 'webhook': {
      const places = Array.isArray(config.secret) ? config.secret : [config.secret]
      return webhookChannel({
        ...own,
        url: config.url,
        secrets: places.map((place) => webhookSecret(host, place)),
        now: host.now,
      })
    }
    case 'slack':
      return slackChannel({ ...own, api: config.api, token: secret(config.token), channel: config.channel })
    case 'pagerduty':
      return pagerDutyChannel({ ...own, api: config.api, routingKey: secret(config['routing-key']) })
    case 'jira': {
      const { site, email, project, done } = config
      return jiraChannel({
        ...own,
        site,
        email,
        token: secret(config.token),
        project,
        issueType: config['issue-type'],
        done,
      })
    }
    case 'ocsf': {
      const token = config.token === undefined ? undefined : secret(config.token)
      return collectorChannel({ ...own, url: config.url, format: config.format, token, version })
    }
    case 'splunk': {
      const channel = config['request-channel']
      const acknowledge = channel === undefined ? undefined : { channel }
      return collectorChannel({
        ...own,
        url: config.url,
        format: 'splunk',
        token: secret(config.token),
        acknowledge,
        version,
      })
    }
    case 'syslog': {
      const { port, transport, allow } = config
      return syslogChannel({ ...own, ...ca, host: config.host, port, transport, allow, sender: host.hostname, version })
    }
  }
}

function webhookSecret({ secret }: ChannelHost, place: SecretPlace): Buffer {
  const parsed = parseWebhookSecret(secret(place))
  if (parsed === undefined) {
    throw new TypeError(`${place.env ?? place.file ?? ''} holds no webhook secret: whsec_ and base64 of 24 to 64 bytes`)
  }
  return parsed
}

/** What each type is told unless the operator says otherwise: people what they can act on, collectors everything. */
const DEFAULTS: Readonly<
  Record<ChannelConfig['type'], { readonly kinds: 'all' | readonly NoticeKind[]; readonly severity: Severity }>
> = {
  webhook: { kinds: 'all', severity: 'info' },
  ocsf: { kinds: 'all', severity: 'info' },
  splunk: { kinds: 'all', severity: 'info' },
  syslog: { kinds: 'all', severity: 'info' },
  slack: {
    kinds: [
      'incident-opened',
      'incident-revised',
      'incident-classified',
      'incident-acknowledged',
      'incident-escalated',
      'approval-asked',
      'approval-answered',
      'plan-applied',
      'plan-failed',
      'hold-ended',
      'duty-started',
      'task-assigned',
      'case-closed',
      'policy-lapsed',
      'policy-changed',
    ],
    severity: 'medium',
  },
  pagerduty: {
    kinds: [
      'incident-opened',
      'incident-acknowledged',
      'incident-escalated',
      'approval-asked',
      'plan-failed',
      'case-closed',
    ],
    severity: 'high',
  },
  jira: { kinds: ['task-assigned', 'incident-escalated', 'plan-failed', 'case-closed'], severity: 'info' },
}

function filterOf(config: ChannelConfig): ChannelFilter {
  const { kinds, severity } = DEFAULTS[config.type]
  return { kinds: config.kinds ?? kinds, severity: config.severity ?? severity, for: config.for }
}
