"""The portal in a frame on a gym's own web site: who may frame it, its cookies there, the script that puts it there."""
