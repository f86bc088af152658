"""What is wrong with the notation of a YAML text?

`traps` looks at each value that the loader read: was it meant otherwise?
`slips` looks at each line of a text that the loader could not read, `brackets` at what stands between brackets;
`page` holds the lines while they are being mended, and `wording` the sentences that the clerk reads.
"""
