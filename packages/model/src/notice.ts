/**
 * What is told to people and other systems, and what became of it. A notice is on record before it is sent anywhere, and each
 * try after it was made.
 */
export type NoticeRecord =
  | {
      readonly do: 'told'
      /** The notice as the response made it; nanoseconds in it are decimal text. */
      readonly notice: Readonly<Record<string, unknown>>
      /** Names of the channels that listened for it then. */
      readonly channels: readonly string[]
    }
  | {
      readonly do: 'delivery'
      /** Id of the notice. */
      readonly notice: string
      readonly channel: string
      /** From 1; begins anew when it is asked for again. */
      readonly attempt: number
      /** `failed` is tried again, `given-up` is not. `asked-again`: a person wants it sent once more. */
      readonly outcome: 'delivered' | 'failed' | 'given-up' | 'asked-again'
      /** What the other side answered, as its protocol counts. */
      readonly code?: number
      readonly detail: string
      /** Nanoseconds since 1970. */
      readonly nextTryAt?: string
      /** The other side's name of what was made there: a message, a ticket. */
      readonly reference?: string
      /** A person by name; absent where the program did it. */
      readonly by?: string
    }
  | {
      /** Who is listening from here on: what was recorded before is not told to them. */
      readonly do: 'listening'
      readonly channels: readonly string[]
    }
