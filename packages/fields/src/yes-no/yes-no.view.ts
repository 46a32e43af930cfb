import { html } from 'lit-html'
import type { YesNoField } from '../../generated/settings.ts'
import type { FieldView } from '../field-view.ts'
import { choice } from '../single-choice.view.ts'
import { answerOf, answersOf, answerWord } from './yes-no.ts'

export const view: FieldView<YesNoField> = {
  layout: 'group',
  render(props) {
    const given = answerOf(props.value)
    const { id, name, language } = props
    return html`<div class="g-choices">
      ${answersOf(props.field).map((answer, i) =>
        choice(
          { name, describedBy: undefined, invalid: false },
          {
            type: 'radio',
            id: i === 0 ? id : `${id}-${answer}`,
            value: answer,
            checked: answer === given,
            onChange: () => props.onInput(answer),
          },
          answerWord(answer, [language]),
        ),
      )}
    </div>`
  },
}
