/** A part of the lab, which works through its context: what every part has, and the parts that it needs. */
export abstract class LabService<Context> {
  protected readonly context: Context

  constructor(context: Context) {
    this.context = context
  }
}
