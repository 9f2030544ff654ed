import { hash } from 'node:crypto'

/** The id of a session's temporary key, as STS spells such ids. */
export function temporaryKeyOf(session: string): string {
  return `ASIA${hash('sha256', session).slice(0, 16).toUpperCase()}`
}

/** One call as CloudTrail writes it down (AWS: "CloudTrail record contents"). */
export type CloudCall = {
  /** Milliseconds since 1970; CloudTrail tells whole seconds. */
  readonly at: number
  readonly account: string
  /** `arn:aws:sts::<account>:assumed-role/<role>/<session>`. */
  readonly session: string
  /** Id of the temporary key of the session; records that lack it are as common. */
  readonly credential?: string
  /** `s3.amazonaws.com` */
  readonly source: string
  /** `PutObject` */
  readonly name: string
  readonly isReadOnly: boolean
  readonly request: Readonly<Record<string, unknown>>
  readonly resources?: readonly Readonly<Record<string, string>>[]
  readonly id: string
  readonly error?: string
  /** Further fields of the record. */
  readonly more?: Readonly<Record<string, unknown>>
}

/** A line of a CloudTrail file with this call by a session of a role. */
export function cloudTrailRecord(call: CloudCall): string {
  const { account, session, at, error } = call
  const [, role = '', name = ''] = session.split(':').at(-1)?.split('/') ?? []
  return JSON.stringify({
    eventVersion: '1.11',
    userIdentity: {
      type: 'AssumedRole',
      principalId: `AROA${account}:${name}`,
      arn: session,
      accountId: account,
      ...(call.credential === undefined ? {} : { accessKeyId: call.credential }),
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: `AROA${account}`,
          arn: `arn:aws:iam::${account}:role/${role}`,
          accountId: account,
          userName: role,
        },
        attributes: { creationDate: secondsOf(at - 60_000), mfaAuthenticated: 'false' },
      },
    },
    eventTime: secondsOf(at),
    eventSource: call.source,
    eventName: call.name,
    awsRegion: 'eu-central-1',
    sourceIPAddress: '203.0.113.20',
    userAgent: '[aws-sdk-js/3.901.0 md/nodejs#24]',
    ...(error === undefined ? {} : { errorCode: error }),
    requestParameters: call.request,
    responseElements: null,
    requestID: call.id.replaceAll('-', '').slice(0, 16).toUpperCase(),
    eventID: call.id,
    readOnly: call.isReadOnly,
    ...(call.resources === undefined ? {} : { resources: call.resources }),
    eventType: 'AwsApiCall',
    managementEvent: false,
    recipientAccountId: account,
    eventCategory: 'Data',
    ...call.more,
  })
}

function secondsOf(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z')
}
