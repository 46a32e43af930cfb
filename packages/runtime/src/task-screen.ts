/** The list of parts: each with how far it is, in and out as people like, and the check at its end. */
import { html, type TemplateResult } from 'lit-html'
import { goneThrough } from './gone-through.ts'
import { checkStep, stepsOf } from './journey.ts'
import { sayText } from './said.ts'
import { stringsIn } from './strings-in.ts'
import strings from './task-strings.json' with { type: 'json' }
import { allDone, firstOpen, stateIn, type Task, type TaskAt } from './tasks.ts'
import { type Screen, startStep, type Visit } from './visit.ts'

const styles = /* css */ `
.g-tasks { list-style: none; margin: 0 0 1.5em; padding: 0; border-block-start: 1px solid var(--guichet-colour-line); }
.g-task { display: flex; flex-wrap: wrap; gap: 0 1.5em; align-items: center; justify-content: space-between; border-block-end: 1px solid var(--guichet-colour-line); padding-block: 0.35em; }
.g-task-name { flex: 1 1 12em; }
.g-task-name .g-muted { display: block; padding-block-end: 0.4em; }
.g-task-name > span:first-child:not(.g-muted) { display: inline-block; padding-block: 0.5em; }
.g-tag { padding: 0.15em 0.7em; border: 2px solid var(--guichet-colour-border); border-radius: var(--guichet-radius); font-size: 0.9em; font-weight: 600; white-space: nowrap; }
.g-tag-done { border-color: var(--guichet-colour-success); color: var(--guichet-colour-success); }
.g-tag-begun { border-color: var(--guichet-colour-primary); color: var(--guichet-colour-primary); }
.g-tag-problem { border-color: var(--guichet-colour-error); color: var(--guichet-colour-error); }
.g-tag-waiting { border-style: dashed; color: var(--guichet-colour-muted); }
`

export function taskScreen(visit: Visit): Screen {
  const { session, words, files } = visit
  words.learn(stringsIn(strings, words.language))
  const { message } = words
  const through = goneThrough(files)
  const comma = words.direction === 'rtl' ? '، ' : ', '
  const titleOf = ({ title }: Task) => (title ? sayText(words, title) : message('documents.title'))

  const one = (task: TaskAt, i: number): TemplateResult => {
    const id = `task-${i}`
    const waits = task.state === 'waiting'
    return html`<li class="g-task">
      <div class="g-task-name">
        ${
          waits
            ? html`<span>${titleOf(task)}</span><span class="g-muted">${message('tasks.first')} ${task.waitsFor.map((other, at) => [at > 0 ? comma : '', titleOf(other)])}</span>`
            : html`<button type="button" class="g-link" aria-describedby="${id}-state" @click=${() => visit.go(firstOpen(session, task, through))}>${titleOf(task)}</button>`
        }
      </div>
      <span class="g-tag g-tag-${task.state}" id="${id}-state">${message(`tasks.${task.state}`)}</span>
    </li>`
  }

  return {
    styles,
    template() {
      const tasks = stateIn(visit, stepsOf(session))
      const done = tasks.filter(({ state }) => state === 'done').length
      const ready = allDone(session, tasks)
      return html`<button type="button" class="g-back" @click=${() => visit.go(startStep)}>${message('back')}</button>
        <h1 class="g-heading" tabindex="-1">${message('tasks.title')}</h1>
        <p class="g-lead" id="tasks-done">${message('tasks.count', { count: done, all: tasks.length })}</p>
        <ol class="g-tasks" role="list" aria-describedby="tasks-done">
          ${tasks.map(one)}
        </ol>
        ${
          ready
            ? html`<button type="button" class="g-button" @click=${() => visit.go(checkStep)}>${message('tasks.check')}</button>`
            : html`<p class="g-muted">${message('tasks.later')}</p>`
        }`
    },
  }
}
