"""What commands that draw do before they begin."""


def hush_vtk() -> None:
    """Keep VTK from telling that it looked for a screen and found none, which is what is wanted here."""
    from vtkmodules.vtkCommonCore import vtkLogger

    vtkLogger.SetStderrVerbosity(vtkLogger.VERBOSITY_ERROR)
