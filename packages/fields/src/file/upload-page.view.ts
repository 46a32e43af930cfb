/** A page for the browser test: one upload list, over a server that the test plays. */
import { formatMessage, type Message } from '@guichet/core'
import { html, render } from 'lit-html'
import type { UploadedFile } from '../field-view.ts'
import messages from './file.messages.json' with { type: 'json' }
import { uploadList } from './upload-list.view.ts'

interface PageWindow extends Window {
  held: readonly UploadedFile[]
  /** What was sent last. */
  sent: File
  /** Lets the oldest upload on its way come this far; 1 lets it arrive. */
  advance(done: number): void
}

const page = globalThis as unknown as PageWindow
const onTheWay: ((done: number) => void)[] = []
page.held = []

const draw = () =>
  render(
    html`<main>
      <h1>Papers</h1>
      <label for="paper">Paper</label>
      ${uploadList({
        id: 'paper',
        name: 'paper',
        describedBy: undefined,
        invalid: false,
        required: true,
        language: 'en',
        message: (key, params = {}) => formatMessage((messages as Record<string, Record<string, Message>>)[key]?.en, params, 'en'),
        redraw: draw,
        uploader,
        target: 'paper',
        accept: ['jpg', 'png', 'pdf'],
        maxBytes: 200_000,
        maxFiles: 3,
        minPixels: [2, 2],
        photos: { longestSide: 400, quality: 70, keepOriginal: true },
        camera: true,
        files: page.held,
        onChange: (files) => {
          page.held = files
        },
      })}
    </main>`,
    document.body,
  )
const uploader: Parameters<typeof uploadList>[0]['uploader'] = {
  upload: (file, _target, progress, signal) =>
    new Promise((resolve, reject) => {
      page.sent = file
      signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')))
      onTheWay.push((done) => {
        progress(done)
        if (done < 1) return
        onTheWay.shift()
        resolve({ id: `id-${file.name}`, name: file.name, size: file.size, type: file.type })
      })
    }),
}
page.advance = (done) => onTheWay[0]?.(done)
draw()
