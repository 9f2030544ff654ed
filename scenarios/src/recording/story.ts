/** `fixtures/record/story.json`: what happens in every recording, whichever library speaks. */
export type Story = {
  readonly service: string
  readonly agent: string
  readonly conversation: string
  readonly model: string
  readonly system: string
  readonly user: string
  readonly tool: {
    readonly name: string
    readonly description: string
    readonly arguments: Readonly<Record<string, string>>
    readonly result: Readonly<Record<string, string>>
  }
  readonly answer: string
  readonly document: { readonly id: string; readonly text: string }
}
