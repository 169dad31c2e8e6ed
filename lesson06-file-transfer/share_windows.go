package transfer

const nonBlocking = 0 // no file name stands for a pipe here
