/** Attributes of TensorFlow ops in the form the binding takes (TF_AttrType and TF_DataType of TensorFlow's C API). */

export interface Attribute {
  readonly name: string
  /** TF_AttrType */
  readonly type: number
  readonly value: string | number | boolean | readonly number[]
}

/** TF_DataType */
export const dataType = { float32: 1, int32: 3, uint8: 4, int64: 9, bool: 10 } as const

const attributeKind = { string: 0, integer: 1, float: 2, boolean: 3, type: 4 } as const

export const stringAttribute = (name: string, value: string): Attribute => ({ name, type: attributeKind.string, value })
/** An integer or a list of them. */
export const integerAttribute = (name: string, value: number | readonly number[]): Attribute => ({
  name,
  type: attributeKind.integer,
  value,
})
export const floatAttribute = (name: string, value: number): Attribute => ({ name, type: attributeKind.float, value })
export const booleanAttribute = (name: string, value: boolean): Attribute => ({ name, type: attributeKind.boolean, value })
export const typeAttribute = (name: string, value: keyof typeof dataType): Attribute => ({
  name,
  type: attributeKind.type,
  value: dataType[value],
})
