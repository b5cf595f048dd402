/** Attributes of TensorFlow ops in the form the binding takes (TF_AttrType and TF_DataType of TensorFlow's C API). */

export interface Attribute {
  readonly name: string
  /** TF_AttrType */
  readonly type: number
  readonly value: string | number | boolean | readonly number[]
}

/** TF_DataType */
export const dataType = { float32: 1, int32: 3, uint8: 4, int64: 9, bool: 10, resource: 20 } as const

const attribute =
  <V extends Attribute['value']>(type: number) =>
  (name: string, value: V): Attribute => ({ name, type, value })

export const stringAttribute = attribute<string>(0)
/** An integer or a list of them. */
export const integerAttribute = attribute<number | readonly number[]>(1)
export const floatAttribute = attribute<number>(2)
export const booleanAttribute = attribute<boolean>(3)
export const typeAttribute = attribute<number>(4)
/** That something is of float32. */
export const floatsAttribute = (name: string): Attribute => typeAttribute(name, dataType.float32)
export const shapeAttribute = attribute<readonly number[]>(5)
