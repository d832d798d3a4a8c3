"""The ten steps: each is a function of the stage, and notes its checks there."""
