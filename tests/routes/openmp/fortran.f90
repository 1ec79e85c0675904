! SPDX-License-Identifier: Apache-2.0
!
! A program that knows nothing of contexts, in Fortran; look() is in fortran.c.
subroutine work() bind(c)
  use omp_lib
  use iso_c_binding
  implicit none
  interface
    subroutine look() bind(c)
    end subroutine
  end interface
  integer :: i, total, cells(100)
  character(len=40) :: text

  total = 0
  !$omp parallel num_threads(4) reduction(+:total)
  call look()
  total = total + 1
  !$omp end parallel
  !$omp parallel do num_threads(4) schedule(dynamic, 3)
  do i = 1, 100
    call look()
    cells(i) = i
  end do
  !$omp end parallel do
  text = 'copied'
  !$omp parallel num_threads(4)
  !$omp single
  do i = 1, 50
    !$omp task firstprivate(text, i) shared(total)
    call look()
    !$omp atomic
    total = total + len_trim(text)
    !$omp end task
  end do
  !$omp taskloop num_tasks(7)
  do i = 1, 100
    call look()
    cells(i) = cells(i) + 1
  end do
  !$omp end single
  !$omp end parallel
  !$omp parallel workshare num_threads(4)
  cells = cells * 2
  !$omp end parallel workshare
  print '(i0, 1x, i0)', total, sum(cells)
end subroutine
