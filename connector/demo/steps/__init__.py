"""The ten steps, one file each; every step is a function of the stage and notes its checks there."""
