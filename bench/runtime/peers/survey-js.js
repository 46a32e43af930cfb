import { Model } from 'survey-core'
import { renderSurvey } from 'survey-js-ui'

export async function mount(definition, container) {
  const model = new Model(definition)
  const drawn = new Promise((resolve) => model.onAfterRenderSurvey.add(resolve))
  renderSurvey(model, container)
  await drawn
  return {
    control(key, value) {
      const question = model.getQuestionByName(key)
      if (!question?.isVisible) return null
      return container.querySelector(`#${CSS.escape(question.id)}`)?.querySelector(value ? `input[value="${value}"]` : 'input,select,textarea') ?? null
    },
    unmount: () => model.dispose(),
  }
}
