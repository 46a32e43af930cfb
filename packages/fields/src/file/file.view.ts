import type { FileField } from '../../generated/settings.ts'
import type { FieldView } from '../field-view.ts'
import { heldFiles } from './file.ts'
import { uploadList, uploadStyles } from './upload-list.view.ts'

export const view: FieldView<FileField> = {
  layout: 'label',
  render(props) {
    const { accept, maxBytes, maxFiles, minFiles = 1, photos, camera } = props.field
    return uploadList({
      ...props,
      uploader: props.uploader,
      target: props.name,
      accept,
      maxBytes,
      photos,
      camera,
      maxFiles: maxFiles ?? minFiles,
      files: heldFiles(props.input),
      onChange: (files) => props.onInput(files.map((file) => ({ ...file }))),
    })
  },
  styles: uploadStyles,
}
