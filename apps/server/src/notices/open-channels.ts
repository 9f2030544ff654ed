import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { type Channel, openChannel } from '@holdfast/connectors'
import type { ConnectorsConfig } from '../connectors/config.ts'
import { readSecret } from '../connectors/secrets.ts'
import { VERSION } from '../version.ts'
import type { SlackApp } from './slack-hook.ts'

/** Where the workspace is unless a file says otherwise. */
const DEFAULT_WORKSPACE = 'http://127.0.0.1:4319'

/** Makes the channels of a configuration; none of them is contacted. Throws an Error for what cannot be read. */
export function openChannels({ channels, workspace }: ConnectorsConfig): readonly Channel[] {
  return channels.map((config) =>
    openChannel(config, {
      secret: readSecret,
      certificates: (file) => readFileSync(file, 'utf8'),
      base: workspace ?? DEFAULT_WORKSPACE,
      now: Date.now,
      hostname: hostname(),
      version: VERSION,
    }),
  )
}

/** The Slack apps whose buttons are listened to: those with a signing secret. */
export function slackAppsOf({ channels }: ConnectorsConfig): readonly SlackApp[] {
  return channels.flatMap((config) => {
    if (config.type !== 'slack') return []
    const place = config['signing-secret']
    if (place === undefined) return []
    return [{ name: config.name, signingSecret: readSecret(place), users: new Map(Object.entries(config.users)) }]
  })
}
